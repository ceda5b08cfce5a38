package xlctl.store;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** SSH host keys as people compare them. */
public final class HostKeyFingerprint {
    private HostKeyFingerprint() {}

    /**
     * {@code SHA256:...}, as {@code ssh-keygen -l} shows it.
     *
     * @param hostKey in OpenSSH's public form, {@code ssh-ed25519 AAAA...}, with or without a
     *     comment; a text that is not of this form is itself hashed, so that two keys never look
     *     alike
     */
    public static String of(String hostKey) {
        return "SHA256:"
                + Base64.getEncoder().withoutPadding().encodeToString(sha256(blob(hostKey)));
    }

    private static byte[] blob(String hostKey) {
        String[] words = hostKey.strip().split("\\s+");
        if (words.length >= 2) {
            try {
                return Base64.getDecoder().decode(words[1]);
            } catch (IllegalArgumentException e) {
                return hostKey.getBytes(StandardCharsets.UTF_8);
            }
        }
        return hostKey.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }
}
