package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.store.ClusterStore;
import xlctl.store.Identities;
import xlctl.store.IdentityFiles;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperExtension;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.store.server.EmbeddedZooKeeper;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/** The agent's program in a container network, where names stay and addresses change. */
class MovedZooKeeperTest {
    private static final HostName HOST = new HostName("127.0.0.1");
    private static final ClusterName CLUSTER = new ClusterName("c1");
    private static final Identities IDENTITIES = Identities.generate(CLUSTER);

    @TempDir Path directory;
    private EmbeddedZooKeeper zooKeeper;
    private Optional<Process> agent = Optional.empty();

    @BeforeEach
    void startZooKeeper() throws IOException {
        ZooKeeperExtension.quieten();
        zooKeeper = start("127.0.7.1", 0);
        try (ClusterStore store = store()) {
            store.prepare();
        }
    }

    @AfterEach
    void endEverything() {
        agent.ifPresent(Process::destroyForcibly);
        zooKeeper.close();
    }

    @Test
    void isFollowedByItsName() throws Exception {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isNotEqualTo(0);
        names("127.0.7.1 zookeeper.test");
        agent = Optional.of(startAgent(zooKeeper.address().getPort()));
        try (ClusterStore store = store()) {
            Presence here = awaitPresence(store, Duration.ofSeconds(30)).value();
            assertThat(here.agent()).isEqualTo(HostPort.parse("127.0.0.1:7422"));
            assertThat(here.place()).contains("machine 1");
        }

        names("127.0.7.9 another.test");
        int port = zooKeeper.address().getPort();
        zooKeeper.close();
        zooKeeper = start("127.0.7.2", port);
        try (ClusterStore store = store()) {
            Versioned<Presence> left = store.presence().get(HOST);
            store.change().deletePresence(HOST, left.version()).commit();
            names("127.0.7.2 zookeeper.test");

            // A JVM as it is keeps for 10 s that a name had no address, and one that it had for 30.
            awaitPresence(store, Duration.ofSeconds(6));
        }
    }

    private static Versioned<Presence> awaitPresence(ClusterStore store, Duration atMost) {
        return await().atMost(atMost)
                .until(() -> Optional.ofNullable(store.presence().get(HOST)), Optional::isPresent)
                .orElseThrow();
    }

    /** What the agent's JVM takes for all there is in the name service. */
    private void names(String line) throws IOException {
        Files.writeString(directory.resolve("hosts"), line + "\n");
    }

    private EmbeddedZooKeeper start(String address, int port) throws IOException {
        return EmbeddedZooKeeper.start(
                new EmbeddedZooKeeper.Settings(
                        directory.resolve("zookeeper"),
                        new InetSocketAddress(InetAddress.getByName(address), port)));
    }

    private ClusterStore store() {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        zooKeeper.connectString(),
                        IDENTITIES.controller(),
                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                        ZooKeeperRecordTree.DEFAULT_CONNECT_TIMEOUT),
                CLUSTER);
    }

    private Process startAgent(int zooKeeperPort) throws IOException {
        IdentityFiles.write(directory.resolve("identity"), IDENTITIES.agent());
        Files.writeString(directory.resolve("authorized_keys"), "");
        Path config =
                Files.writeString(
                        directory.resolve("agent.yaml"),
                        """
                        cluster: c1
                        host: 127.0.0.1
                        listen-network: 127.0.0.1/32
                        state: state
                        data-roots: [data]
                        zookeeper: zookeeper.test:%d
                        zookeeper-identity: identity
                        authorized-keys: authorized_keys
                        place: machine 1
                        """
                                .formatted(zooKeeperPort));
        return new ProcessBuilder(
                        List.of(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-Djdk.net.hosts.file=" + directory.resolve("hosts"),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--config",
                                config.toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("agent.log").toFile())
                .start();
    }
}
