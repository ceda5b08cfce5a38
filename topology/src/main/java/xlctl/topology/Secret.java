package xlctl.topology;

import java.security.SecureRandom;
import java.util.Base64;

/**
 * A password or key. Its text leaves only through {@link #reveal()}; it never shows in a log or a
 * message.
 */
public record Secret(String value) {
    private static final SecureRandom RANDOM = new SecureRandom();

    public Secret {
        if (value.isEmpty() || value.indexOf('\n') >= 0 || value.indexOf('\0') >= 0) {
            throw new InvalidValueException("a secret is empty or has a line break in it");
        }
    }

    /** 192 random bits as 32 characters of A-Z, a-z, 0-9, '-' and '_'. */
    public static Secret generate() {
        byte[] bytes = new byte[24];
        RANDOM.nextBytes(bytes);
        return new Secret(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "********";
    }
}
