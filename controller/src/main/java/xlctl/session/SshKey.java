package xlctl.session;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The key pair by which a home is known to agents. */
public final class SshKey {
    private SshKey() {}

    /**
     * Makes an ed25519 key pair and writes its private half to a new file of mode 0600.
     *
     * @return the public half as a line for an agent's authorized keys
     * @throws IOException also when the file exists: a key is never overwritten
     */
    public static String generate(Path privateFile, String comment) throws IOException {
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
        Files.createFile(
                privateFile,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(privateFile, privateHalf.toByteArray(), StandardOpenOption.WRITE);
        return publicHalf.toString(StandardCharsets.UTF_8).strip();
    }
}
