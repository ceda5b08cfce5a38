package xlctl.agent.api;

import java.util.regex.Pattern;
import xlctl.topology.InvalidValueException;

/**
 * The public half of an SSH key that agents know a controller by.
 *
 * @param openSsh its type and its base64, as in a line of OpenSSH's {@code authorized_keys}; no
 *     options before, no comment after
 */
public record ControllerKey(String openSsh) {
    private static final Pattern FORM =
            Pattern.compile("[a-z][a-z0-9@.-]{2,63} AAAA[A-Za-z0-9+/]+={0,2}");

    public ControllerKey {
        if (!FORM.matcher(openSsh).matches()) {
            throw new InvalidValueException(
                    "not a public SSH key in OpenSSH's form: its type and its base64");
        }
    }

    @Override
    public String toString() {
        return openSsh;
    }
}
