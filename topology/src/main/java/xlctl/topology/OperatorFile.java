package xlctl.topology;

import static java.util.Objects.requireNonNull;

/**
 * A file whose lines an operator wants among those of a server's own file.
 *
 * @param name as the operator called it where it was read; empty where none was given
 * @param text all of it, as it was when it was read
 */
public record OperatorFile(String name, String text) {
    public static final OperatorFile NONE = new OperatorFile("", "");

    private static final String UNKNOWN = "a file whose name was not kept";

    public OperatorFile {
        requireNonNull(name, "name is null");
        requireNonNull(text, "text is null");
        if (name.isEmpty() && !text.isEmpty()) {
            throw new InvalidValueException(
                    "lines for a server's file come from a file of no name");
        }
    }

    /** As records of releases before this one have it. */
    public static OperatorFile ofUnknownName(String text) {
        return text.isEmpty() ? NONE : new OperatorFile(UNKNOWN, text);
    }
}
