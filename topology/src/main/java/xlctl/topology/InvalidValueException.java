package xlctl.topology;

/**
 * A value typed by a person or read from a file that cannot be: the message names it and says what
 * is allowed.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public InvalidValueException(String message) {
        super(message);
    }
}
