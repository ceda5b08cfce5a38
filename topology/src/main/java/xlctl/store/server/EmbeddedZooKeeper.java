package xlctl.store.server;

import static java.util.Objects.requireNonNull;

import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.zookeeper.server.DatadirCleanupManager;
import org.apache.zookeeper.server.ServerCnxnFactory;
import org.apache.zookeeper.server.ZooKeeperServer;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import xlctl.store.server.CannotStartException.Reason;

/**
 * One standalone ZooKeeper server in this process, running from {@link #start} to {@link #close}.
 * What it acknowledged is on disk; it keeps the last three snapshots and their logs.
 */
public final class EmbeddedZooKeeper implements AutoCloseable {
    private static final int SNAPSHOTS_KEPT = 3;
    private static final int HOURS_BETWEEN_PURGES = 1;
    private static final int CONNECTIONS_PER_ADDRESS = 1000;
    private static final int NO_BACKLOG_SET = -1;

    /**
     * Where the server keeps its data and listens, and which session timeouts it grants.
     *
     * @param data made when it does not exist; one server at a time
     * @param listen port 0 takes a free one
     * @param tick how exactly sessions are timed
     */
    public record Settings(
            Path data,
            InetSocketAddress listen,
            Duration tick,
            Duration shortestSession,
            Duration longestSession) {
        public Settings {
            requireNonNull(data, "data is null");
            requireNonNull(listen, "listen is null");
            requireNonNull(tick, "tick is null");
            requireNonNull(shortestSession, "shortestSession is null");
            requireNonNull(longestSession, "longestSession is null");
        }

        /** Ticks of half a second, sessions of 1 to 60 seconds. */
        public Settings(Path data, InetSocketAddress listen) {
            this(
                    data,
                    listen,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(60));
        }
    }

    private final DataLock lock;
    private final ZooKeeperServer server;
    private final ServerCnxnFactory connections;
    private final DatadirCleanupManager purge;

    private EmbeddedZooKeeper(
            DataLock lock,
            ZooKeeperServer server,
            ServerCnxnFactory connections,
            DatadirCleanupManager purge) {
        this.lock = lock;
        this.server = server;
        this.connections = connections;
        this.purge = purge;
    }

    /**
     * Starts a server; it answers when this returns.
     *
     * @throws CannotStartException when the address or the data directory cannot be used
     */
    public static EmbeddedZooKeeper start(Settings settings) {
        setProcessWideDefaults();
        DataLock lock = DataLock.take(settings.data());
        ServerCnxnFactory connections = null;
        try {
            connections = listen(settings.listen());
            return run(settings, lock, connections);
        } catch (RuntimeException e) {
            if (connections != null) {
                connections.shutdown();
            }
            release(lock, e);
            throw e;
        }
    }

    /** The address that clients connect to, with the port that was taken. */
    public InetSocketAddress address() {
        return connections.getLocalAddress();
    }

    /** The address as clients write it, {@code 127.0.0.1:2181}. */
    public String connectString() {
        return address().getHostString() + ":" + address().getPort();
    }

    /** False once the server has given up by itself, as it does when its disk fails. */
    boolean running() {
        return server.isRunning();
    }

    @Override
    public void close() {
        purge.shutdown();
        connections.shutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("cannot release the lock on the data directory", e);
        }
    }

    private static ServerCnxnFactory listen(InetSocketAddress address) {
        try {
            ServerCnxnFactory connections = ServerCnxnFactory.createFactory();
            connections.configure(address, CONNECTIONS_PER_ADDRESS, NO_BACKLOG_SET);
            return connections;
        } catch (IOException | RuntimeException e) {
            throw new CannotStartException(
                    Reason.ADDRESS_NOT_USABLE,
                    "cannot start a ZooKeeper server on "
                            + address.getHostString()
                            + ":"
                            + address.getPort()
                            + ": "
                            + e.getMessage()
                            + "; choose another address, or stop what listens there",
                    e);
        }
    }

    private static EmbeddedZooKeeper run(
            Settings settings, DataLock lock, ServerCnxnFactory connections) {
        File data = settings.data().toFile();
        try {
            ZooKeeperServer server =
                    new ZooKeeperServer(
                            new FileTxnSnapLog(data, data),
                            Math.toIntExact(settings.tick().toMillis()),
                            Math.toIntExact(settings.shortestSession().toMillis()),
                            Math.toIntExact(settings.longestSession().toMillis()),
                            NO_BACKLOG_SET,
                            null,
                            "");
            connections.startup(server);
            DatadirCleanupManager purge =
                    new DatadirCleanupManager(data, data, SNAPSHOTS_KEPT, HOURS_BETWEEN_PURGES);
            purge.start();
            return new EmbeddedZooKeeper(lock, server, connections, purge);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unusable(settings, e);
        } catch (IOException | RuntimeException e) {
            throw unusable(settings, e);
        }
    }

    private static CannotStartException unusable(Settings settings, Exception cause) {
        return new CannotStartException(
                Reason.DATA_NOT_USABLE,
                "cannot start a ZooKeeper server on the data in "
                        + settings.data()
                        + ": "
                        + cause
                        + "; it was left as it is: restore it from a backup",
                cause);
    }

    private static void release(DataLock lock, RuntimeException because) {
        try {
            lock.close();
        } catch (IOException e) {
            because.addSuppressed(e);
        }
    }

    /** ZooKeeper takes these from system properties only; what is set already stays. */
    private static void setProcessWideDefaults() {
        setDefault("zookeeper.admin.enableServer", "false");
        setDefault("zookeeper.4lw.commands.whitelist", "ruok,srvr");
        setDefault("zookeeper.maxCnxns", "10000");
        setDefault("zookeeper.jmx.log4j.disable", "true");
        setDefault("zookeeper.ssl.allowReverseDnsLookup", "false");
        setDefault("zookeeper.preAllocSize", "4096");
    }

    private static void setDefault(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
