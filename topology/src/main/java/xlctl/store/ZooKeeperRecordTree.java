package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.framework.recipes.watch.PersistentWatcher;
import org.apache.curator.retry.RetryUntilElapsed;
import org.apache.zookeeper.KeeperException;
import org.apache.zookeeper.Watcher.Event.EventType;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.data.Stat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.topology.InvalidValueException;

/**
 * A session with a ZooKeeper ensemble, renewed when it expires. Reads wait for a lost connection to
 * return for as long as connecting may take, writes for twice the session timeout.
 */
public final class ZooKeeperRecordTree implements RecordTree {
    public static final Duration DEFAULT_SESSION_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /**
     * The loggers of the libraries below. They tell every lost connection several times over, while
     * what matters of it is in our exceptions: programs that talk to people turn them off.
     */
    public static final List<String> LIBRARY_LOGGERS =
            List.of("org.apache.curator", "org.apache.zookeeper");

    private static final Logger LOG = LoggerFactory.getLogger(ZooKeeperRecordTree.class);
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(50);

    /** Something to do with the session of the moment. */
    private interface Work<T> {
        T with(ZooKeeper session) throws KeeperException, InterruptedException;
    }

    private final String servers;
    private final Identity identity;
    private final CuratorFramework client;
    private final Duration connectTimeout;
    private final WatchThread watches = new WatchThread("store-watch");
    private volatile boolean closed;

    private ZooKeeperRecordTree(
            String servers, Identity identity, CuratorFramework client, Duration connectTimeout) {
        this.servers = servers;
        this.identity = identity;
        this.client = client;
        this.connectTimeout = connectTimeout;
    }

    /**
     * Connects and waits until a server answers.
     *
     * @param servers {@code HOST:PORT,...}
     * @param sessionTimeout as asked for; see {@link #sessionTimeout()} for what was granted
     * @throws StoreException.Unreachable when no server answers in {@code connectTimeout}
     * @throws InvalidValueException when {@code servers} has not that form
     */
    public static ZooKeeperRecordTree connect(
            String servers, Identity identity, Duration sessionTimeout, Duration connectTimeout) {
        requireNonNull(identity, "identity is null");
        ServerList.requireValid(servers);
        CuratorFramework client = client(servers, identity, sessionTimeout, connectTimeout);
        ZooKeeperRecordTree tree =
                new ZooKeeperRecordTree(servers, identity, client, connectTimeout);
        client.start();
        try {
            if (client.blockUntilConnected(
                    Math.toIntExact(connectTimeout.toMillis()), TimeUnit.MILLISECONDS)) {
                warnOfUnresolved(servers);
                return tree;
            }
            tree.close();
            throw new StoreException.Unreachable(
                    "no ZooKeeper server answers at "
                            + servers
                            + " within "
                            + connectTimeout.toMillis()
                            + " ms: "
                            + ServerCheck.of(servers)
                            + ". See that it runs and that this is its address",
                    null);
        } catch (InterruptedException e) {
            tree.close();
            throw interrupted("connect to " + servers, e);
        }
    }

    /** Looked up only where one of several is not enough to be connected. */
    private static void warnOfUnresolved(String servers) {
        if (servers.contains(",")) {
            ServerList.unresolved(servers)
                    .forEach(
                            server ->
                                    LOG.warn(
                                            "the name of the ZooKeeper server {} has no address; the"
                                                    + " others are used",
                                            server));
        }
    }

    @Override
    public Optional<Versioned<byte[]>> read(String path) {
        RecordPaths.requireValid(path);
        return reading(
                path,
                session -> {
                    try {
                        Stat stat = new Stat();
                        byte[] data = session.getData(path, false, stat);
                        return Optional.of(new Versioned<>(data, stat.getVersion()));
                    } catch (KeeperException.NoNodeException e) {
                        return Optional.empty();
                    }
                });
    }

    @Override
    public Map<String, Versioned<byte[]>> children(String path) {
        RecordPaths.requireValid(path);
        return reading(path, session -> children(session, path));
    }

    @Override
    public void write(List<Write> writes) {
        if (writes.isEmpty()) {
            return;
        }
        writes.forEach(write -> RecordPaths.requireValid(write.path()));
        Refusals.requireSmallEnough(writes);
        ZooKeeperTransaction transaction = new ZooKeeperTransaction(writes, identity);
        Optional<Deadline> deadline = Optional.empty();
        while (true) {
            try {
                carryOut(transaction);
                return;
            } catch (KeeperException.NoAuthException e) {
                throw Refusals.denied("change", names(writes), identity.user(), e);
            } catch (KeeperException e) {
                if (!isLoss(e)) {
                    throw unexpected("write " + names(writes), e);
                }
                if (deadline.isEmpty()) {
                    deadline = Optional.of(new Deadline(patience(transaction.sent())));
                }
                if (deadline.get().passed() || closed) {
                    throw lost(writes, transaction.sent(), e);
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            } catch (InterruptedException e) {
                throw interrupted("write " + names(writes) + outcome(transaction.sent()), e);
            }
        }
    }

    @Override
    public Watch watch(String path, Runnable changed) {
        RecordPaths.requireValid(path);
        WatchThread.Watched watched = watches.add(path, changed);
        PersistentWatcher watcher = new PersistentWatcher(client, path, true);
        watcher.getListenable()
                .addListener(
                        event -> {
                            if (event.getType() != EventType.None) {
                                watched.signal();
                            }
                        });
        watcher.getResetListenable().addListener(watched::signal);
        watcher.start();
        return () -> {
            watched.close();
            if (!closed) {
                watcher.close();
            }
        };
    }

    @Override
    public boolean connected() {
        return !closed && client.getZookeeperClient().isConnected();
    }

    @Override
    public Duration sessionTimeout() {
        return Duration.ofMillis(client.getZookeeperClient().getLastNegotiatedSessionTimeoutMs());
    }

    @Override
    public Optional<String> server() {
        try {
            return connected() && session() instanceof Session session
                    ? session.server()
                    : Optional.empty();
        } catch (KeeperException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            throw interrupted("find out which server answers", e);
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.close();
        client.close();
    }

    private static CuratorFramework client(
            String servers, Identity identity, Duration sessionTimeout, Duration connectTimeout) {
        byte[] login =
                (identity.user() + ":" + identity.password().reveal())
                        .getBytes(StandardCharsets.UTF_8);
        return CuratorFrameworkFactory.builder()
                .connectString(servers)
                .ensembleTracker(false)
                .authorization("digest", login)
                .zookeeperFactory(new Session.Factory())
                .zkClientConfig(new Session.Config())
                .sessionTimeoutMs(Math.toIntExact(sessionTimeout.toMillis()))
                .connectionTimeoutMs(Math.toIntExact(connectTimeout.toMillis()))
                .retryPolicy(
                        new RetryUntilElapsed(
                                Math.toIntExact(connectTimeout.toMillis()),
                                Math.toIntExact(BETWEEN_ATTEMPTS.toMillis())))
                .build();
    }

    /** All of them are asked for before the first answer is awaited. */
    private static Map<String, Versioned<byte[]>> children(ZooKeeper session, String path)
            throws KeeperException, InterruptedException {
        Map<String, CompletableFuture<Optional<Versioned<byte[]>>>> answers = new LinkedHashMap<>();
        try {
            for (String name : session.getChildren(path, false)) {
                CompletableFuture<Optional<Versioned<byte[]>>> answer = new CompletableFuture<>();
                session.getData(
                        path + "/" + name,
                        false,
                        (code, childPath, context, data, stat) ->
                                complete(answer, code, childPath, data, stat),
                        null);
                answers.put(name, answer);
            }
            Map<String, Versioned<byte[]>> children = new TreeMap<>();
            for (var answer : answers.entrySet()) {
                answer.getValue().get().ifPresent(child -> children.put(answer.getKey(), child));
            }
            return children;
        } catch (KeeperException.NoNodeException e) {
            return Map.of();
        } catch (ExecutionException e) {
            throw (KeeperException) e.getCause();
        }
    }

    private static void complete(
            CompletableFuture<Optional<Versioned<byte[]>>> answer,
            int code,
            String path,
            byte[] data,
            Stat stat) {
        KeeperException.Code known = KeeperException.Code.get(code);
        switch (known) {
            case OK -> answer.complete(Optional.of(new Versioned<>(data, stat.getVersion())));
            case NONODE -> answer.complete(Optional.empty());
            default -> answer.completeExceptionally(KeeperException.create(known, path));
        }
    }

    private <T> T reading(String path, Work<T> work) {
        Deadline deadline = new Deadline(connectTimeout);
        while (true) {
            try {
                return work.with(session());
            } catch (KeeperException.NoAuthException e) {
                throw Refusals.denied(
                        "read", Optional.ofNullable(e.getPath()).orElse(path), identity.user(), e);
            } catch (KeeperException e) {
                if (!isLoss(e)) {
                    throw unexpected("read " + path, e);
                }
                if (deadline.passed() || closed) {
                    throw new StoreException.Unreachable(
                            "cannot read " + path + ": " + noAnswer(), e);
                }
                LockSupport.parkNanos(BETWEEN_ATTEMPTS.toNanos());
            } catch (InterruptedException e) {
                throw interrupted("read " + path, e);
            }
        }
    }

    /** Sends the writes unless an earlier sending of them is found to have taken place. */
    private void carryOut(ZooKeeperTransaction transaction)
            throws KeeperException, InterruptedException {
        boolean doubt = transaction.sent();
        ZooKeeper session = session();
        if (doubt && tookPlace(transaction, session)) {
            return;
        }
        try {
            transaction.send(session);
        } catch (StoreException.Stale e) {
            // The earlier sending may have arrived only after it was looked for.
            if (!doubt || !tookPlace(transaction, session)) {
                throw e;
            }
        }
    }

    private boolean tookPlace(ZooKeeperTransaction transaction, ZooKeeper session)
            throws KeeperException, InterruptedException {
        return switch (transaction.verdict(session)) {
            case WRITTEN -> true;
            case NOT_WRITTEN -> false;
            case CANNOT_BE_TOLD ->
                    throw new StoreException.Unreachable(
                            "the connection to ZooKeeper was lost in the middle of a write, and the"
                                    + " records were changed by someone else since: whether it took"
                                    + " place cannot be told; read them again",
                            null);
        };
    }

    /** The session of the moment, which may just have been lost. */
    ZooKeeper session() throws KeeperException, InterruptedException {
        try {
            return client.getZookeeperClient().getZooKeeper();
        } catch (KeeperException | InterruptedException | RuntimeException e) {
            if (e instanceof IllegalStateException && closed) {
                throw new StoreException.Unreachable("the store was closed", e);
            }
            throw e;
        } catch (Exception e) {
            throw new StoreException.Unreachable("cannot connect to " + servers + ": " + e, e);
        }
    }

    private Duration patience(boolean sent) {
        return sent ? sessionTimeout().multipliedBy(2) : connectTimeout;
    }

    private StoreException lost(List<Write> writes, boolean sent, KeeperException e) {
        return new StoreException.Unreachable(
                "cannot write " + names(writes) + ": " + noAnswer() + outcome(sent), e);
    }

    private String noAnswer() {
        return closed
                ? "the store was closed"
                : "no ZooKeeper server answers at " + servers + " any more";
    }

    private static String outcome(boolean sent) {
        return sent
                ? "; whether it was written cannot be told: read it again once connected"
                : "; nothing was written";
    }

    private static String names(List<Write> writes) {
        return writes.get(0).path()
                + (writes.size() == 1 ? "" : " and " + (writes.size() - 1) + " more");
    }

    private static boolean isLoss(KeeperException e) {
        return switch (e.code()) {
            case CONNECTIONLOSS, OPERATIONTIMEOUT, REQUESTTIMEOUT, SESSIONEXPIRED, SESSIONMOVED ->
                    true;
            default -> false;
        };
    }

    private static StoreException unexpected(String doing, KeeperException e) {
        return new StoreException.Unreachable(
                "cannot " + doing + ": ZooKeeper answered " + e.code(), e);
    }

    private static StoreException interrupted(String doing, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new StoreException.Unreachable("interrupted while trying to " + doing, e);
    }
}
