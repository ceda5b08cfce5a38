package xlctl.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.apache.zookeeper.Watcher.Event.KeeperState;
import org.apache.zookeeper.ZooKeeper;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.server.EmbeddedZooKeeper;
import xlctl.topology.ClusterName;

/**
 * A real ZooKeeper server for the tests of one class, on a free loopback port, with a cluster and
 * identities of its own for each test. Register it as a static field. What a test opens is closed
 * after it; a server that a test stopped is started again.
 */
public final class ZooKeeperExtension
        implements BeforeAllCallback,
                BeforeEachCallback,
                AfterEachCallback,
                AfterAllCallback,
                RecordTrees {
    public static final Duration SESSION_TIMEOUT = Duration.ofSeconds(4);
    public static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

    /** Kept here, for a logger that nobody holds forgets its level. */
    private static final List<Logger> LIBRARIES =
            ZooKeeperRecordTree.LIBRARY_LOGGERS.stream().map(Logger::getLogger).toList();

    private static final AtomicInteger CLUSTERS = new AtomicInteger();

    private final List<AutoCloseable> open = new ArrayList<>();
    private Path data;
    private InetSocketAddress address;
    private EmbeddedZooKeeper server;
    private boolean stopped;
    private ClusterName cluster;
    private Identities identities;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        quieten();
        data = Files.createTempDirectory("zookeeper");
        address = new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0);
        server = start();
        address = server.address();
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        cluster = new ClusterName("test-" + CLUSTERS.incrementAndGet());
        identities = Identities.generate(cluster);
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        startAgain();
        for (int last = open.size() - 1; last >= 0; last--) {
            open.remove(last).close();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder()).forEach(ZooKeeperExtension::delete);
        }
    }

    /** No word from the libraries about the servers and connections that tests end. */
    public static void quieten() {
        LIBRARIES.forEach(library -> library.setLevel(Level.OFF));
    }

    public String connectString() {
        return "127.0.0.1:" + address.getPort();
    }

    /** The cluster of this test. */
    @Override
    public ClusterName cluster() {
        return cluster;
    }

    /** The identities of this test's cluster. */
    public Identities identities() {
        return identities;
    }

    public ZooKeeperRecordTree controller() {
        return connect(connectString(), identities.controller());
    }

    public ZooKeeperRecordTree agent() {
        return connect(connectString(), identities.agent());
    }

    /** Somebody with the identity of another cluster. */
    public ZooKeeperRecordTree stranger() {
        return connect(
                connectString(), Identities.generate(new ClusterName("strange")).controller());
    }

    @Override
    public ZooKeeperRecordTree connect(Party party) {
        switch (party) {
            case CONTROLLER:
                return controller();
            case AGENT:
                return agent();
            case STRANGER:
                return stranger();
            default:
                throw new IllegalArgumentException("no identity is both: " + party);
        }
    }

    public ZooKeeperRecordTree connect(String servers, Identity identity) {
        ZooKeeperRecordTree tree =
                ZooKeeperRecordTree.connect(servers, identity, SESSION_TIMEOUT, CONNECT_TIMEOUT);
        open.add(tree);
        return tree;
    }

    /** A controller's store whose cluster is prepared. */
    public ClusterStore controllerStore() {
        ClusterStore store = new ClusterStore(controller(), cluster);
        store.prepare();
        return store;
    }

    public ClusterStore agentStore() {
        return new ClusterStore(agent(), cluster);
    }

    /** A proxy before the server, to connect through. */
    public CuttingProxy proxy() throws IOException {
        CuttingProxy proxy = new CuttingProxy(address);
        open.add(proxy);
        return proxy;
    }

    public void stop() {
        if (!stopped) {
            stopped = true;
            server.close();
        }
    }

    /** With the same data, on the same port. */
    public void startAgain() {
        if (stopped) {
            server = start();
            stopped = false;
        }
    }

    /** On the same port, without anything that was in it. */
    public void startEmptied() throws IOException {
        stop();
        try (Stream<Path> files = Files.walk(data)) {
            files.sorted(Comparator.reverseOrder())
                    .filter(file -> !file.equals(data))
                    .forEach(ZooKeeperExtension::delete);
        }
        startAgain();
    }

    @Override
    public void expire(RecordTree tree) {
        try {
            ZooKeeper session = ((ZooKeeperRecordTree) tree).session();
            CountDownLatch connected = new CountDownLatch(1);
            ZooKeeper twin =
                    new ZooKeeper(
                            connectString(),
                            session.getSessionTimeout(),
                            event -> {
                                if (event.getState() == KeeperState.SyncConnected) {
                                    connected.countDown();
                                }
                            },
                            session.getSessionId(),
                            session.getSessionPasswd());
            if (!connected.await(10, TimeUnit.SECONDS)) {
                throw new IllegalStateException("could not take over the session to end it");
            }
            twin.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (org.apache.zookeeper.KeeperException e) {
            throw new IllegalStateException(e);
        }
    }

    private EmbeddedZooKeeper start() {
        return EmbeddedZooKeeper.start(
                new EmbeddedZooKeeper.Settings(
                        data,
                        address,
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(60)));
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
