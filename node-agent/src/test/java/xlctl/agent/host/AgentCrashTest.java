package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestClient.query;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.IdentityFiles;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperExtension;
import xlctl.topology.InstanceReport;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Role;
import xlctl.topology.ServerRole;

/** An agent as a process of its own with a real ZooKeeper, killed as an accident would. */
class AgentCrashTest {
    private static final String ADDRESS = "127.0.6.1";
    private static final Duration LONG = Duration.ofSeconds(60);

    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @TempDir Path directory;
    private TestHost host;
    private Node datanode;
    private ClusterStore store;
    private Optional<AgentProcess> agent = Optional.empty();

    /** A committed datanode whose server and agent do not run. */
    @BeforeEach
    void addADatanode() throws IOException {
        datanode =
                TestHost.node(
                        NodeKind.DATANODE,
                        "data_m_1",
                        ADDRESS,
                        TestHost.freePort(ADDRESS),
                        "data_m_1");
        store = new ClusterStore(ZOOKEEPER.controller(), ZOOKEEPER.cluster());
        store.prepare();
        IdentityFiles.write(directory.resolve("identity"), ZOOKEEPER.identities().agent());
        host =
                new TestHost(
                        TestHost.config(
                                directory, ZOOKEEPER.cluster(), ADDRESS, ZOOKEEPER.connectString()),
                        () -> new ClusterStore(ZOOKEEPER.agent(), ZOOKEEPER.cluster()));
        host.add(store, datanode);
        host.stopAgent();
        host.killServers();
    }

    @AfterEach
    void endEverything() throws InterruptedException {
        killAgent();
        host.killServers();
    }

    @Test
    void leavesServersAndSessionsUntouchedWhenItIsKilledAndComesBack() throws Exception {
        startAgent();
        long postmaster = awaitUp().pid().orElseThrow();
        try (Connection session = TestClient.connect(datanode, ServerRole.SUPERUSER, "postgres")) {
            List<String> backend = query(session, "SELECT pg_backend_pid()");

            killAgent();
            assertThat(query(session, "SELECT pg_backend_pid()")).isEqualTo(backend);
            removeItsReports();
            startAgent();

            assertThat(awaitUp().pid()).contains(postmaster);
            assertThat(query(session, "SELECT pg_backend_pid()")).isEqualTo(backend);
        }
    }

    @Test
    void bringsServersBackInTheirRolesAfterBothWereKilled() throws Exception {
        startAgent();
        long postmaster = awaitUp().pid().orElseThrow();
        killAgent();
        host.killServers();
        removeItsReports();

        startAgent();

        InstanceReport up = awaitUp();
        assertThat(up.role()).contains(Role.MASTER);
        assertThat(up.pid()).isPresent().isNotEqualTo(Optional.of(postmaster));
        await().atMost(LONG)
                .until(
                        () ->
                                store.presence().values().stream()
                                        .anyMatch(seen -> seen.value().appliedTopology() == 0));
        assertThat(query(datanode, ServerRole.SUPERUSER, "SELECT node_name FROM pgxc_node"))
                .containsExactly("data_m_1");
    }

    private void startAgent() throws IOException {
        agent =
                Optional.of(
                        AgentProcess.start(
                                directory,
                                ZOOKEEPER.cluster(),
                                ADDRESS,
                                ZOOKEEPER.connectString()));
    }

    private void killAgent() throws InterruptedException {
        if (agent.isPresent()) {
            agent.get().kill();
            agent = Optional.empty();
        }
    }

    private InstanceReport awaitUp() {
        return await().atMost(LONG)
                .until(
                        () -> store.instance(TestHost.name(datanode)).map(Versioned::value),
                        seen -> seen.filter(report -> report.state() == State.UP).isPresent())
                .orElseThrow();
    }

    /** What the killed agent's session still says must not be taken for its successor's word. */
    private void removeItsReports() {
        Change change = store.change();
        store.instances().forEach((name, report) -> change.deleteInstance(name, report.version()));
        store.presence().forEach((name, seen) -> change.deletePresence(name, seen.version()));
        change.commit();
    }
}
