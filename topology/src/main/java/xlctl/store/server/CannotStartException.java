package xlctl.store.server;

import static java.util.Objects.requireNonNull;

/** The ZooKeeper server was not started; the message says why and what to do. */
public final class CannotStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What stands in the way. */
    public enum Reason {
        ADDRESS_NOT_USABLE,
        DATA_IN_USE,
        DATA_NOT_USABLE
    }

    private final Reason reason;

    CannotStartException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = requireNonNull(reason, "reason is null");
    }

    public Reason reason() {
        return reason;
    }
}
