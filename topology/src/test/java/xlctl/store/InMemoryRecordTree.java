package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import xlctl.store.InMemoryRecords.Session;

/**
 * A session with a tree that lives in this process only: for tests and trials. It keeps the
 * contract of {@link RecordTree} as a ZooKeeper server would, access included.
 */
public final class InMemoryRecordTree implements RecordTree {
    /** As whom a session works. */
    public enum Party {
        CONTROLLER,
        AGENT,
        /** Without the cluster's identity. */
        STRANGER,
        /** Controller and agent in one, for tests that are not about access. */
        CONTROLLER_AND_AGENT;

        boolean isController() {
            return this == CONTROLLER || this == CONTROLLER_AND_AGENT;
        }

        boolean isAgent() {
            return this == AGENT || this == CONTROLLER_AND_AGENT;
        }
    }

    /** The tree that several sessions share. */
    public static final class Server {
        private final InMemoryRecords records = new InMemoryRecords();

        private Server() {}

        public InMemoryRecordTree connect(Party party) {
            return new InMemoryRecordTree(this, party);
        }

        /** As a server that lost its data: no record is left. */
        public void empty() {
            records.empty();
        }
    }

    private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(10);

    private final InMemoryRecords records;
    private final WatchThread watches = new WatchThread("store-watch-in-memory");
    private final List<WatchThread.Watched> watched = new CopyOnWriteArrayList<>();
    private final Party party;
    private volatile Session session;
    private volatile boolean suspended;
    private volatile boolean closed;

    /** A tree of its own, with one session that may do everything. */
    public InMemoryRecordTree() {
        this(shared(), Party.CONTROLLER_AND_AGENT);
    }

    private InMemoryRecordTree(Server server, Party party) {
        this.records = server.records;
        this.party = requireNonNull(party, "party is null");
        this.session = records.open(party, watches);
    }

    public static Server shared() {
        return new Server();
    }

    @Override
    public Optional<Versioned<byte[]>> read(String path) {
        RecordPaths.requireValid(path);
        return whileConnected("read", path, () -> records.read(session, path));
    }

    @Override
    public Map<String, Versioned<byte[]>> children(String path) {
        RecordPaths.requireValid(path);
        return whileConnected("read", path, () -> records.children(session, path));
    }

    @Override
    public void write(List<Write> writes) {
        if (writes.isEmpty()) {
            return;
        }
        writes.forEach(write -> RecordPaths.requireValid(write.path()));
        Refusals.requireSmallEnough(writes);
        whileConnected(
                "write",
                writes.get(0).path(),
                () -> {
                    records.write(session, writes);
                    return Optional.empty();
                });
    }

    @Override
    public Watch watch(String path, Runnable changed) {
        RecordPaths.requireValid(path);
        WatchThread.Watched watch = watches.add(path, changed);
        watched.add(watch);
        watch.signal();
        return watch;
    }

    @Override
    public boolean connected() {
        return !suspended && !closed;
    }

    @Override
    public Duration sessionTimeout() {
        return SESSION_TIMEOUT;
    }

    @Override
    public Optional<String> server() {
        return connected() ? Optional.of("this process") : Optional.empty();
    }

    /** Ends the session: its session records vanish. */
    @Override
    public void close() {
        if (!closed) {
            closed = true;
            records.close(session);
            watches.close();
        }
    }

    /**
     * Loses the connection, not the session: reads and writes fail until {@link #resume} or {@link
     * #expire}.
     */
    public void suspend() {
        suspended = true;
    }

    /** The connection is back with the same session. */
    public void resume() {
        suspended = false;
        watched.forEach(WatchThread.Watched::signal);
    }

    /** The session ends, its session records vanish, and the connection is back with a new one. */
    public void expire() {
        records.close(session);
        session = records.open(party, watches);
        resume();
    }

    private <T> T whileConnected(String doing, String path, Supplier<T> work) {
        if (!connected()) {
            throw new StoreException.Unreachable(
                    "cannot "
                            + doing
                            + " "
                            + path
                            + ": "
                            + (closed ? "the store was closed" : "the connection is lost"),
                    null);
        }
        return work.get();
    }
}
