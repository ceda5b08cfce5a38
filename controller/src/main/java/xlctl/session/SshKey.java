package xlctl.session;

import static java.util.Objects.requireNonNull;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** The key pair by which a home is known to agents. */
public final class SshKey {
    private SshKey() {}

    /**
     * A new key pair in memory.
     *
     * @param privateHalf as OpenSSH keeps it in a file
     * @param publicHalf a line for an agent's authorized keys
     */
    public record Pair(byte[] privateHalf, String publicHalf) {
        public Pair {
            privateHalf = privateHalf.clone();
            requireNonNull(publicHalf, "publicHalf is null");
        }

        @Override
        public byte[] privateHalf() {
            return privateHalf.clone();
        }

        @Override
        public String toString() {
            return publicHalf;
        }
    }

    /**
     * Makes an ed25519 key pair.
     *
     * @throws IOException when this Java cannot
     */
    public static Pair pair(String comment) throws IOException {
        ByteArrayOutputStream privateHalf = new ByteArrayOutputStream();
        ByteArrayOutputStream publicHalf = new ByteArrayOutputStream();
        try {
            KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
            pair.writeOpenSSHv1PrivateKey(privateHalf, null);
            pair.writePublicKey(publicHalf, comment);
            pair.dispose();
        } catch (JSchException e) {
            throw new IOException(
                    "an ed25519 key cannot be made by this Java: " + e.getMessage(), e);
        }
        return new Pair(
                privateHalf.toByteArray(), publicHalf.toString(StandardCharsets.UTF_8).strip());
    }
}
