package xlctl.store;

/**
 * Reading or writing the store did not work; the message names the path and what was being done.
 */
public abstract class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private StoreException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * The record was changed, made or removed by someone else since it was read. Nothing was
     * written.
     */
    public static final class Stale extends StoreException {
        private static final long serialVersionUID = 1L;

        public Stale(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * ZooKeeper cannot be reached. Nothing was written, or the message says that this could not be
     * found out.
     */
    public static final class Unreachable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unreachable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The identity in use may not do this. */
    public static final class Denied extends StoreException {
        private static final long serialVersionUID = 1L;

        public Denied(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /**
     * A record is corrupt, or of a format newer than this program knows. It is never taken for
     * absent.
     */
    public static final class Unreadable extends StoreException {
        private static final long serialVersionUID = 1L;

        public Unreadable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** An agent came before the controller made the cluster's place in ZooKeeper. */
    public static final class NotPrepared extends StoreException {
        private static final long serialVersionUID = 1L;

        public NotPrepared(String message) {
            super(message, null);
        }
    }

    /** More than a ZooKeeper server takes at once. Nothing was sent. */
    public static final class TooLarge extends StoreException {
        private static final long serialVersionUID = 1L;

        public TooLarge(String message) {
            super(message, null);
        }
    }
}
