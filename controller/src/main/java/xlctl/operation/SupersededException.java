package xlctl.operation;

/** Someone else resumed or ended the operation: nothing more may be written or sent for it. */
final class SupersededException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SupersededException(String message) {
        super(message);
    }
}
