package xlctl.certificate;

import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.topology.InvalidValueException;

/** Binary things as text between two lines that say what they are. */
final class Pem {
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {(byte) '\n'});

    private Pem() {}

    static String text(String label, byte[] content) {
        return "-----BEGIN "
                + label
                + "-----\n"
                + LINES.encodeToString(content)
                + "\n-----END "
                + label
                + "-----\n";
    }

    /**
     * The first of its kind in a text that may have others, too.
     *
     * @throws InvalidValueException when there is none
     */
    static byte[] content(String label, String text) {
        Matcher matcher =
                Pattern.compile(
                                "-----BEGIN "
                                        + Pattern.quote(label)
                                        + "-----\\s([A-Za-z0-9+/=\\s]*)-----END ")
                        .matcher(text);
        if (!matcher.find()) {
            throw new InvalidValueException("there is no " + label + " in PEM");
        }
        try {
            return Base64.getMimeDecoder().decode(matcher.group(1));
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("a " + label + " in PEM is damaged");
        }
    }
}
