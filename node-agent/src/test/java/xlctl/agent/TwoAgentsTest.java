package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.store.ClusterStore;
import xlctl.store.Identities;
import xlctl.store.Identity;
import xlctl.store.IdentityFiles;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.store.server.EmbeddedZooKeeper;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/** Two agents, as processes, that are to be the same host. */
@Tag("slow")
class TwoAgentsTest {
    private static final ClusterName CLUSTER = new ClusterName("c1");
    private static final HostName HOST = new HostName("db-1");
    private static final Identities IDENTITIES = Identities.generate(CLUSTER);

    /** As a dead agent's session may last, and a slow machine. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir private Path directory;
    private EmbeddedZooKeeper zooKeeper;
    private ClusterStore store;
    private final List<Process> agents = new ArrayList<>();

    @BeforeEach
    void startZooKeeper() throws IOException {
        assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).isNotEqualTo(0);
        zooKeeper =
                EmbeddedZooKeeper.start(
                        new EmbeddedZooKeeper.Settings(
                                directory.resolve("zookeeper"),
                                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0)));
        store = connect(IDENTITIES.controller());
        store.prepare();
        IdentityFiles.write(directory.resolve("identity"), IDENTITIES.agent());
        Files.writeString(directory.resolve("authorized_keys"), "");
    }

    @AfterEach
    void end() throws Exception {
        agents.forEach(Process::destroyForcibly);
        for (Process agent : agents) {
            agent.waitFor();
        }
        if (store != null) {
            store.close();
            zooKeeper.close();
        }
    }

    @Test
    void theSecondSaysWhoTheFirstIsAndEnds() throws Exception {
        Process first = start("first");
        Presence announced = awaitPresence(first);

        Process second = start("second");

        assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(4);
        assertThat(Files.readString(directory.resolve("second.log")))
                .contains("and this one waits for that")
                .contains(
                        "xlctl-agent: another agent is host db-1 already: at "
                                + announced.agent()
                                + ", process "
                                + first.pid()
                                + ", since "
                                + announced.since())
                .contains("stop that one, or give this one another host name");
        assertThat(first.isAlive()).isTrue();
        assertThat(awaitPresence(first).since()).isEqualTo(announced.since());
    }

    @Test
    void theSecondWaitsForTheFirstToGoAndGoesOn() throws Exception {
        ClusterStore first = connect(IDENTITIES.agent());
        first.change()
                .createPresence(
                        new Presence(
                                HOST,
                                "test",
                                HostPort.parse("127.0.0.1:7422"),
                                "ssh-ed25519 AAAA",
                                -1,
                                List.of(),
                                Instant.EPOCH))
                .commit();

        Process second = start("second");

        await().atMost(PATIENCE)
                .until(
                        () ->
                                Files.readString(directory.resolve("second.log"))
                                        .contains("and this one waits for that"));
        first.close();
        assertThat(awaitPresence(second).process()).contains(second.pid());
    }

    @Test
    void theSameAgentIsThereAgainAtOnceAfterACrash() throws Exception {
        Process first = start("first");
        var unused = awaitPresence(first);
        first.destroyForcibly().waitFor();

        Process again = start("first");

        assertThat(awaitPresence(again).process()).contains(again.pid());
        assertThat(Files.readString(directory.resolve("first.log")))
                .doesNotContain("waits for that");
    }

    @Test
    void aCopyOfAMachineGivesWayToTheElder() throws Exception {
        Process first = start("first");
        Presence announced = awaitPresence(first);
        Path copy = Files.createDirectories(directory.resolve("copy-state"));
        Files.copy(
                directory.resolve("first-state/ssh_host_ed25519_key"),
                copy.resolve("ssh_host_ed25519_key"),
                StandardCopyOption.COPY_ATTRIBUTES);
        // The elder is one only once it has been announced for a while.
        await().pollDelay(Duration.ofSeconds(27)).atMost(PATIENCE).until(first::isAlive);

        Process second = start("copy");

        assertThat(second.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(4);
        assertThat(Files.readString(directory.resolve("copy.log")))
                .contains("process " + first.pid())
                .contains("with the same key: the state directory of this one is a copy");
        assertThat(first.isAlive()).isTrue();
        assertThat(awaitPresence(first).since()).isEqualTo(announced.since());
    }

    private ClusterStore connect(Identity identity) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        zooKeeper.connectString(),
                        identity,
                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                        ZooKeeperRecordTree.DEFAULT_CONNECT_TIMEOUT),
                CLUSTER);
    }

    private Presence awaitPresence(Process agent) {
        return await().atMost(PATIENCE)
                .until(
                        () ->
                                store.presence(HOST)
                                        .map(Versioned::value)
                                        .filter(
                                                there ->
                                                        there.process()
                                                                .equals(Optional.of(agent.pid()))),
                        Optional::isPresent)
                .orElseThrow();
    }

    private Process start(String name) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            port = socket.getLocalPort();
        }
        Path config =
                Files.writeString(
                        directory.resolve(name + ".yaml"),
                        """
                        cluster: c1
                        host: db-1
                        listen: 127.0.0.1:%d
                        server-listen: 127.0.0.1
                        state: %s-state
                        data-roots: [%s-data]
                        zookeeper: %s
                        zookeeper-identity: identity
                        authorized-keys: authorized_keys
                        """
                                .formatted(port, name, name, zooKeeper.connectString()));
        Process agent =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--config",
                                config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve(name + ".log").toFile())
                        .start();
        agents.add(agent);
        return agent;
    }
}
