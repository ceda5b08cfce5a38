package xlctl.store;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Bytes under paths, each with a version that grows by one with every replacement, from 0. Paths
 * are absolute and start with a slash. Implementations are thread-safe and share one contract test.
 */
public interface RecordTree extends AutoCloseable {

    Optional<Versioned<byte[]>> read(String path);

    /** The records directly below a path by their names; empty when the path does not exist. */
    Map<String, Versioned<byte[]>> children(String path);

    /**
     * Applies all writes, or none. Missing parents of created records are made with the access of
     * the record, but only by the controller.
     *
     * <p>When the connection is lost in the middle, waits for it to return and finds out whether
     * the writes took place; only if that cannot be told is {@link StoreException.Unreachable}
     * thrown with a message that says so.
     *
     * @throws StoreException.Stale when a version differs, a record to create exists, or one to
     *     replace or delete does not; nothing was written then
     * @throws StoreException.NotPrepared when a parent is missing and this identity may not make it
     * @throws StoreException.TooLarge when ZooKeeper could not hold it; nothing was sent
     */
    void write(List<Write> writes);

    /**
     * Calls back once the watch is in place, after every change at or below the path, and after
     * each reconnection, with a new session or the old one, until closed.
     *
     * <p>After a reconnection the owner of a session record must see whether it is still there: it
     * is not when the session is a new one.
     *
     * <p>Calls only say "read again": several changes may be one call. They come on a thread of the
     * tree's own and must not block it.
     */
    Watch watch(String path, Runnable changed);

    /**
     * Whether the session stands: false from the moment the connection is suspended until it is
     * back.
     */
    boolean connected();

    /**
     * The session timeout that the server granted: how long an ephemeral record outlives a dead
     * process.
     */
    Duration sessionTimeout();

    /** The server that the session stands with, for people; empty where there is none just now. */
    default Optional<String> server() {
        return Optional.empty();
    }

    @Override
    void close();

    /** Ends a watch when closed. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /** Who may see and change a record. */
    enum Access {
        /** The controller writes, agents read. */
        CLUSTER,
        /** Agents write, the controller reads and deletes. */
        AGENT,
        /** The controller alone. */
        CONTROLLER
    }

    /** How long a record lives. */
    enum Lifetime {
        PERSISTENT,
        /** Until the session that made it ends. */
        SESSION
    }

    /** One part of an atomic write. */
    sealed interface Write permits Create, Replace, Delete, Check, CheckOwn {
        String path();
    }

    record Create(String path, byte[] data, Lifetime lifetime, Access access) implements Write {}

    record Replace(String path, byte[] data, int version) implements Write {
        public Replace {
            requireVersion(path, version);
        }
    }

    record Delete(String path, int version) implements Write {
        public Delete {
            requireVersion(path, version);
        }
    }

    /** Writes nothing: the record must exist with this version. */
    record Check(String path, int version) implements Write {
        public Check {
            requireVersion(path, version);
        }
    }

    /**
     * As {@link Check}, and the session record is one that this very session made: one of the same
     * version that somebody else made since does not count.
     */
    record CheckOwn(String path, int version) implements Write {
        public CheckOwn {
            requireVersion(path, version);
        }
    }

    /** To ZooKeeper -1 means whatever version there is: no write of ours may say so. */
    private static void requireVersion(String path, int version) {
        if (version < 0) {
            throw new IllegalArgumentException("version " + version + " of " + path);
        }
    }
}
