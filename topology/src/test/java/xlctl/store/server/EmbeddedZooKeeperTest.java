package xlctl.store.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.store.ClusterStore;
import xlctl.store.Identities;
import xlctl.store.ZooKeeperExtension;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Topology;

class EmbeddedZooKeeperTest {
    private static final ClusterName CLUSTER = new ClusterName("pg-1");

    private final Identities identities = Identities.generate(CLUSTER);

    @TempDir Path directory;

    @BeforeAll
    static void quieten() {
        ZooKeeperExtension.quieten();
    }

    @Test
    void keepsWhatItAcknowledgedOverARestart() throws IOException {
        Topology topology = Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(settings(directory, 0));
                ClusterStore store = store(server)) {
            store.prepare();
            store.change().createTopology(topology).commit();
        }

        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(settings(directory, 0));
                ClusterStore store = store(server)) {
            assertThat(store.topology().orElseThrow().value()).isEqualTo(topology);
            assertThat(server.running()).isTrue();
        }
    }

    @Test
    void refusesDataThatAnotherServerRunsOn() throws IOException {
        try (EmbeddedZooKeeper server = EmbeddedZooKeeper.start(settings(directory, 0))) {
            assertThat(server.connectString()).startsWith("127.0.0.1:");
            assertRefused(
                    settings(directory, 0),
                    CannotStartException.Reason.DATA_IN_USE,
                    "another one is running on it");
        }
    }

    @Test
    void refusesAnAddressThatIsTakenAndLetsGoOfTheData() throws IOException {
        Path other = directory.resolve("other");
        try (EmbeddedZooKeeper server =
                EmbeddedZooKeeper.start(settings(directory.resolve("one"), 0))) {
            assertRefused(
                    settings(other, server.address().getPort()),
                    CannotStartException.Reason.ADDRESS_NOT_USABLE,
                    server.connectString());
        }

        EmbeddedZooKeeper.start(settings(other, 0)).close();
    }

    @Test
    void makesItsDirectoryForItselfAlone() throws IOException {
        Path data = directory.resolve("a/b");
        EmbeddedZooKeeper.start(settings(data, 0)).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data)))
                .isEqualTo("rwx------");
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));

        assertRefused(
                settings(directory, 0),
                CannotStartException.Reason.DATA_NOT_USABLE,
                "chmod 700 " + directory);
    }

    @Test
    void refusesDataThatItCannotRead() throws IOException {
        Path logs = Files.createDirectories(directory.resolve("version-2"));
        Files.write(logs.resolve("snapshot.0"), new byte[] {1, 2, 3});
        Files.write(logs.resolve("log.1"), "no log of ZooKeeper".getBytes(StandardCharsets.UTF_8));

        assertRefused(
                settings(directory, 0),
                CannotStartException.Reason.DATA_NOT_USABLE,
                directory.toString());
    }

    private ClusterStore store(EmbeddedZooKeeper server) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        server.connectString(),
                        identities.controller(),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(10)),
                CLUSTER);
    }

    private static void assertRefused(
            EmbeddedZooKeeper.Settings settings,
            CannotStartException.Reason reason,
            String message) {
        assertThatThrownBy(() -> EmbeddedZooKeeper.start(settings))
                .isInstanceOfSatisfying(
                        CannotStartException.class,
                        e -> assertThat(List.of(e.reason())).containsExactly(reason))
                .hasMessageContaining(message);
    }

    private static EmbeddedZooKeeper.Settings settings(Path data, int port) throws IOException {
        return new EmbeddedZooKeeper.Settings(
                data, new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port));
    }
}
