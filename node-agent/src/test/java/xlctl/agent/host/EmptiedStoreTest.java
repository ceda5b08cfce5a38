package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.Lineage;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** A host with a real server, whose cluster's records are lost. */
class EmptiedStoreTest {
    private static final String HOST = "127.0.5.9";

    @TempDir Path directory;
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    private TestHost host;
    private Node datanode;
    private Lineage life;
    private int number;

    @BeforeEach
    void haveADatanode() throws IOException {
        store.prepare();
        host =
                new TestHost(
                        directory,
                        HOST,
                        () -> new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER));
        datanode = node(NodeKind.DATANODE, "data_m_1", HOST, freePort(HOST), "data_m_1");
        host.add(store, datanode);
        assertThat(host.await(0)).isEqualTo(new Reply.Converged(0));
        life = store.lineage().orElseThrow().value();
    }

    @AfterEach
    void end() {
        host.close();
        store.close();
    }

    @Test
    void theAgentKeepsItsServerAndSaysWhatItHolds() {
        server.empty();
        store.prepare();

        await().untilAsserted(() -> assertThat(held()).containsExactly(heldIn(0)));
        await().until(() -> problems().contains("the store has no topology, but data_m_1.1"));
        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
    }

    @Test
    void aServerThatDiesMeanwhileIsNotStartedWithoutItsRecords() {
        server.empty();
        store.prepare();
        await().until(() -> problems().contains("the store has no topology"));

        host.killServers();

        await().until(() -> problems().contains("data_m_1.1 is not started: the store knows no"));
        assertThat(host.report(datanode).state()).isEqualTo(State.DOWN);
    }

    @Test
    void anotherClusterBegunInTheEmptiedStoreEndsNothing() throws Exception {
        server.empty();
        store.prepare();
        for (String name : List.of("new_1", "new_2", "new_3")) {
            host.commit(store, elsewhere(name));
        }
        assertThat(store.topology().orElseThrow().version()).isEqualTo(2);

        await().until(() -> problems().contains("the records of another cluster of this name"));

        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
        assertThat(held()).containsExactly(heldIn(0));
    }

    @Test
    void anotherClusterWithAMemberOfTheSameNameDoesNotTakeItOver() throws Exception {
        server.empty();
        store.prepare();
        host.commit(store, elsewhere("new_1"));
        host.commit(store, datanode);

        await().until(() -> problems().contains("the records of another cluster of this name"));

        assertThat(held()).containsExactly(heldIn(0));
    }

    @Test
    void recordsOfALaterLifeAreFollowedAlsoAtALowerVersion() throws Exception {
        host.commit(store, elsewhere("second"));
        host.await(1);

        putBack(datanode);

        await().until(
                        () ->
                                held().stream()
                                        .anyMatch(
                                                each ->
                                                        !each.lineage()
                                                                .equals(heldIn(0).lineage())));
        await().until(() -> host.inspect().problems().isEmpty());
        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
    }

    @Test
    void restoredRecordsThatDoNotKnowAMemberDoNotEndIt() throws Exception {
        putBack(elsewhere("other"));

        await().until(
                        () ->
                                problems()
                                        .contains(
                                                "restored from a backup that does not know data_m_1.1"));

        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
    }

    /** As a restore does, of a topology with this node alone. */
    private void putBack(Node only) {
        server.empty();
        store.prepare();
        NodeState state =
                NodeState.first(only.instances().get(0).name(), Instant.EPOCH, "restored");
        store.change()
                .createTopology(
                        Topology.empty(TestHost.CLUSTER, EngineKind.POSTGRESQL, TestHost.NETWORKS)
                                .with(only),
                        life.anew())
                .createNodeState(state)
                .commit();
    }

    private Node elsewhere(String name) {
        return node(NodeKind.DATANODE, name, "127.0.5.10", 20_000 + number++, name);
    }

    private HeldInstance heldIn(int version) {
        return new HeldInstance(TestHost.name(datanode), version, 1, Optional.of(life));
    }

    private List<HeldInstance> held() {
        return store.presence(new HostName(HOST)).map(Versioned::value).stream()
                .flatMap(presence -> presence.held().stream())
                .flatMap(List::stream)
                .toList();
    }

    private String problems() {
        return host.inspect().problems().stream()
                .map(Problem::what)
                .collect(Collectors.joining("\n"));
    }
}
