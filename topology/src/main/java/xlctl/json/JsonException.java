package xlctl.json;

/**
 * Text that is not the JSON of the record it should be; the message names what was read and where
 * it went wrong.
 */
public final class JsonException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public JsonException(String message, Throwable cause) {
        super(message, cause);
    }
}
