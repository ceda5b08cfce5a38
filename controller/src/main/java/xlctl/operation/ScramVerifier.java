package xlctl.operation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.Secret;

/**
 * What a server stores to check a SCRAM-SHA-256 password (RFC 5802, RFC 7677). The passwords are
 * ASCII without spaces, which SASLprep leaves as they are.
 */
final class ScramVerifier {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ITERATIONS = 4096;
    private static final int SALT_BYTES = 16;
    private static final int KEY_BITS = 256;

    private ScramVerifier() {}

    /**
     * Always the same for the same password: servers that pass roles on to each other would
     * otherwise overwrite each other's verifiers for ever. The salt follows from the password,
     * which is as random as a key: what is sent of it in a login helps nobody to guess.
     */
    static PasswordVerifier of(Secret password) {
        try {
            byte[] key = password.reveal().getBytes(StandardCharsets.US_ASCII);
            return of(password, Arrays.copyOf(hmac(key, "xlctl salt"), SALT_BYTES), ITERATIONS);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot compute SCRAM-SHA-256", e);
        }
    }

    /** Another one each time, for passwords that people choose and may use more than once. */
    static PasswordVerifier ofChosen(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        return of(password, salt, ITERATIONS);
    }

    static PasswordVerifier of(Secret password, byte[] salt, int iterations) {
        try {
            byte[] salted =
                    SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                            .generateSecret(
                                    new PBEKeySpec(
                                            password.reveal().toCharArray(),
                                            salt,
                                            iterations,
                                            KEY_BITS))
                            .getEncoded();
            byte[] storedKey =
                    MessageDigest.getInstance("SHA-256").digest(hmac(salted, "Client Key"));
            byte[] serverKey = hmac(salted, "Server Key");
            Base64.Encoder base64 = Base64.getEncoder();
            return new PasswordVerifier(
                    "SCRAM-SHA-256$"
                            + iterations
                            + ":"
                            + base64.encodeToString(salt)
                            + "$"
                            + base64.encodeToString(storedKey)
                            + ":"
                            + base64.encodeToString(serverKey));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java cannot compute SCRAM-SHA-256", e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.US_ASCII));
    }
}
