package xlctl.agent.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.Iterator;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.config.keys.writer.openssh.OpenSSHKeyPairResourceWriter;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.util.io.resource.PathResource;
import org.apache.sshd.common.util.security.SecurityUtils;
import xlctl.agent.file.DurableFile;
import xlctl.agent.file.PrivateFile;

/** By what controllers know this agent again: an Ed25519 key that is made once and kept. */
public final class HostKey {
    static {
        Ed25519.provide();
    }

    private static final String FILE = "ssh_host_ed25519_key";

    private final KeyPair pair;

    private HostKey(KeyPair pair) {
        this.pair = pair;
    }

    /**
     * Reads the key below the agent's state directory, or makes it when there is none. A file that
     * cannot be used is never replaced: every controller would take the new key for an intruder's.
     *
     * @throws IOException naming the file and what to do
     */
    public static HostKey loadOrCreate(Path stateDirectory) throws IOException {
        Path file = stateDirectory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                create(file);
            }
            return new HostKey(load(file));
        } catch (GeneralSecurityException e) {
            throw new IOException("the host key " + file + " cannot be used: " + e, e);
        }
    }

    private static void create(Path file) throws IOException, GeneralSecurityException {
        KeyPair made = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        OpenSSHKeyPairResourceWriter.INSTANCE.writePrivateKey(made, "xlctl-agent", null, text);
        DurableFile.write(file, text.toByteArray());
    }

    private static KeyPair load(Path file) throws IOException, GeneralSecurityException {
        if (!PrivateFile.isPrivate(file)) {
            throw new IOException(
                    "the host key " + file + " can be read by others; run: chmod 600 " + file);
        }
        try (InputStream in = Files.newInputStream(file)) {
            Iterable<KeyPair> pairs =
                    SecurityUtils.loadKeyPairIdentities(null, new PathResource(file), in, null);
            Iterator<KeyPair> found = pairs == null ? null : pairs.iterator();
            if (found == null || !found.hasNext()) {
                throw new IOException(
                        "the host key "
                                + file
                                + " holds no private key; restore it, or remove it for a new one,"
                                + " which must then be accepted: host accept");
            }
            return found.next();
        }
    }

    /** The public key as OpenSSH writes it, {@code ssh-ed25519 AAAA...}. */
    public String openSsh() {
        return PublicKeyEntry.toString(pair.getPublic());
    }

    /** {@code SHA256:...}, as ssh shows it. */
    public String fingerprint() {
        return KeyUtils.getFingerPrint(pair.getPublic());
    }

    KeyPair pair() {
        return pair;
    }
}
