package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestClient.query;
import static xlctl.agent.host.TestHost.mustBeDone;
import static xlctl.agent.host.TestHost.node;
import static xlctl.agent.host.TwoHosts.COORDINATOR_HOST;
import static xlctl.agent.host.TwoHosts.DATANODE_HOST;
import static xlctl.agent.host.TwoHosts.coordinator;
import static xlctl.agent.host.TwoHosts.datanode;
import static xlctl.agent.host.TwoHosts.problems;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.HostName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** What a host makes of what changed while its agent, its servers or the store were away. */
class HostThatWasAwayTest {
    private static final String PGXC_NODE = "SELECT * FROM pgxc_node";

    @TempDir Path directory;
    private TwoHosts hosts;

    @BeforeEach
    void startHosts() throws IOException {
        hosts = new TwoHosts(directory);
    }

    @AfterEach
    void endHosts() {
        hosts.close();
    }

    @Test
    void repairsAHostThatWasAwayDuringAChange() throws Exception {
        Node coordinator = coordinator("coord_m_1");
        hosts.coordinators().add(hosts.store(), coordinator);
        hosts.coordinators().await(0);
        hosts.coordinators().stopAgent();

        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);
        assertThat(hosts.datanodes().await(1)).isEqualTo(new Reply.Converged(1));
        assertThat(query(coordinator, ServerRole.SUPERUSER, PGXC_NODE)).hasSize(1);
        assertThat(hosts.store().presence(new HostName(COORDINATOR_HOST))).isEmpty();

        hosts.coordinators().startAgent();
        assertThat(hosts.coordinators().await(1)).isEqualTo(new Reply.Converged(1));
        assertThat(query(coordinator, ServerRole.SUPERUSER, PGXC_NODE)).hasSize(2);
        await().until(
                        () ->
                                hosts.store()
                                        .presence(new HostName(COORDINATOR_HOST))
                                        .filter(seen -> seen.value().appliedTopology() == 1)
                                        .isPresent());
    }

    /** An add was undone without this host, which was lost, and then done on another one. */
    @Test
    void stopsWhatItNeverServedOnceItIsAMemberElsewhere() throws Exception {
        hosts.coordinators().add(hosts.store(), coordinator("coord_m_1"));
        Node unfinished = coordinator("coord_m_2");
        mustBeDone(hosts.coordinators().prepare(hosts.store(), unfinished));
        mustBeDone(hosts.coordinators().start(unfinished));

        hosts.datanodes()
                .add(
                        hosts.store(),
                        node(
                                NodeKind.COORDINATOR,
                                "coord_m_2",
                                DATANODE_HOST,
                                TestHost.freePort(DATANODE_HOST),
                                "coord_m_2"));

        await().atMost(Duration.ofSeconds(20))
                .until(() -> hosts.coordinators().report(unfinished).state() == State.STOPPED);
        assertThat(problems(hosts.coordinators()))
                .contains("coord_m_2.1 is no part of the topology any more");
    }

    @Test
    void hasRulesLoadedThatACrashLeftWrittenOnly() throws Exception {
        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);
        hosts.datanodes().await(0);
        hosts.datanodes().stopAgent();
        Path rules = hosts.datanodes().root().resolve("data_m_1/pg_hba.conf");
        String wanted = Files.readString(rules);
        Files.writeString(rules, "host all postgres samehost scram-sha-256\n");
        TestClient.execute(datanode, ServerRole.SUPERUSER, "postgres", "SELECT pg_reload_conf()");
        await().until(() -> !canLogIn(datanode, ServerRole.MONITOR));
        Files.writeString(rules, wanted);

        hosts.datanodes().startAgent();

        await().until(() -> canLogIn(datanode, ServerRole.MONITOR));
    }

    @Test
    void doesNotStartAMasterBeforeItsNodeStateWasRead() throws Exception {
        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);
        hosts.datanodes().await(0);
        hosts.datanodes().stopAgent();
        hosts.datanodes().killServers();
        hosts.cutStoreOff();

        hosts.datanodes().startAgent();
        await().until(() -> problems(hosts.datanodes()).contains("data_m_1.1 waits for ZooKeeper"));
        await().during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(5))
                .until(() -> hosts.datanodes().report(datanode).state() == State.DOWN);

        hosts.bringStoreBack();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> hosts.datanodes().report(datanode).state() == State.UP);
        await().until(() -> hosts.datanodes().inspect().problems().isEmpty());
    }

    @Test
    void stopsWhatWasRemovedWhileItWasAwayAndKeepsItsData() throws Exception {
        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);
        hosts.datanodes().await(0);
        hosts.datanodes().stopAgent();
        TestHost.remove(hosts.store(), datanode);

        hosts.datanodes().startAgent();

        await().until(() -> hosts.datanodes().report(datanode).state() == State.STOPPED);
        await().until(
                        () ->
                                problems(hosts.datanodes())
                                        .contains("data_m_1.1 is no part of the topology"));
        assertThat(hosts.datanodes().root().resolve("data_m_1/PG_VERSION")).exists();
        TestHost.mustBeDone(hosts.datanodes().discard(datanode, Disposal.ERASE));
        await().until(() -> hosts.datanodes().inspect().problems().isEmpty());
    }

    @Test
    void touchesNothingWhenTheStoreHasLostItsData() throws Exception {
        Node datanode = datanode("data_m_1");
        hosts.datanodes().add(hosts.store(), datanode);
        hosts.datanodes().await(0);
        hosts.datanodes().stopAgent();
        InMemoryRecordTree.Server empty = InMemoryRecordTree.shared();
        try (ClusterStore other =
                        new ClusterStore(empty.connect(Party.CONTROLLER), TestHost.CLUSTER);
                TestHost again =
                        new TestHost(
                                hosts.datanodes().config(),
                                () ->
                                        new ClusterStore(
                                                empty.connect(Party.AGENT), TestHost.CLUSTER))) {
            other.prepare();
            await().until(() -> problems(again).contains("the store has no topology"));
            assertThat(again.report(datanode).state()).isEqualTo(State.UP);
        }
        hosts.datanodes().startAgent();
    }

    private static boolean canLogIn(Node node, ServerRole role) {
        try (Connection connection = TestClient.connect(node, role, "postgres")) {
            return connection.isValid(1);
        } catch (SQLException refused) {
            return false;
        }
    }
}
