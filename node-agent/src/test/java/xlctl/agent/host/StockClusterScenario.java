package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.mustBeDone;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.StoreException;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** A cluster of stock PostgreSQL on two hosts, real servers, and a store in memory. */
abstract class StockClusterScenario {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final String FIRST_HOST = "127.0.6.1";
    private static final String SECOND_HOST = "127.0.6.2";

    @TempDir Path directory;
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    final ClusterStore store = new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    private final List<TestHost> hosts = new ArrayList<>();
    volatile boolean storeIsDown;
    TestHost first;
    TestHost second;
    Node gtm;
    Node coordinator;
    Node datanode;

    @BeforeEach
    void startACluster() throws IOException {
        store.prepare();
        first = host(FIRST_HOST);
        second = host(SECOND_HOST);
        gtm = node(NodeKind.GTM, "gtm_m_1", FIRST_HOST);
        coordinator = node(NodeKind.COORDINATOR, "coord_m_1", FIRST_HOST);
        datanode = node(NodeKind.DATANODE, "data_m_1", FIRST_HOST);
        first.add(store, gtm, coordinator, datanode);
        converged(first, 2);
    }

    @AfterEach
    void endHosts() {
        hosts.forEach(TestHost::close);
        store.close();
    }

    /** It ends with the test. */
    TestHost host(String address) throws IOException {
        TestHost host =
                new TestHost(TestHost.config(directory.resolve(address), address), this::connect);
        hosts.add(host);
        return host;
    }

    private ClusterStore connect() {
        if (storeIsDown) {
            throw new StoreException.Unreachable("no ZooKeeper server answers", null);
        }
        return new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER);
    }

    /** On the second host. */
    static Node another(NodeKind kind, String name) throws IOException {
        return node(kind, name, SECOND_HOST);
    }

    static Node node(NodeKind kind, String name, String host) throws IOException {
        return TestHost.node(kind, name, host, freePort(host), name);
    }

    static void converged(TestHost host, int version) {
        assertThat(host.await(version)).isEqualTo(new Reply.Converged(version));
    }

    /** Adds a node to the second host, as an {@code add} does. */
    void addWithDefinitions(Node node, Node source, int version) {
        mustBeDone(first.ask(new Request.LockDdl(first.key(), TestHost.name(coordinator), LONG)));
        mustBeDone(second.prepare(store, node));
        mustBeDone(copyDefinitions(node, source));
        mustBeDone(second.start(node));
        second.commit(store, node);
        converged(first, version);
        converged(second, version);
        mustBeDone(first.ask(new Request.UnlockDdl(first.key(), TestHost.name(coordinator))));
    }

    Reply copyDefinitions(Node node, Node source) {
        return second.ask(
                new Request.CopyDefinitions(
                        second.key(), TestHost.name(node), source.instances().get(0).address()));
    }

    static List<String> ask(Node node, String query) throws SQLException {
        return TestClient.query(node, ServerRole.SUPERUSER, query);
    }

    static void execute(Node node, ServerRole role, String... statements) throws SQLException {
        TestClient.execute(node, role, "postgres", statements);
    }

    static String problems(TestHost host) {
        return host.inspect().problems().stream()
                .map(Problem::what)
                .collect(Collectors.joining("\n"));
    }
}
