package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.mustBeDone;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.engine.RealEngine;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/**
 * Hosts of a cluster whose nodes share definitions, with real servers and a store in memory: what
 * they make of the topology, and how a node that comes later gets what is there.
 */
@Tag(RealEngine.TAG)
abstract class SharedDefinitionsContract {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String GTM_HOST = "127.0.9.1";
    private static final String FIRST_HOST = "127.0.9.2";
    private static final String SECOND_HOST = "127.0.9.3";
    private static final String PGXC_NODE =
            "SELECT node_name, node_type, node_port, node_host FROM pgxc_node"
                    + " WHERE node_type IN ('C', 'D') ORDER BY node_name";

    @TempDir Path directory;
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    private final List<TestHost> hosts = new ArrayList<>();
    private TestHost gtms;
    private TestHost first;
    private TestHost second;
    private Node coordinator;
    private Node datanode;

    protected abstract EngineKind engine();

    /** What makes a table whose rows are spread over all datanodes. */
    protected abstract String distributed(String table);

    @BeforeEach
    void startACluster() throws IOException {
        Path home = RealEngine.home(engine());
        store.prepare();
        gtms = host(GTM_HOST, home);
        first = host(FIRST_HOST, home);
        second = host(SECOND_HOST, home);
        gtms.add(store, node(NodeKind.GTM, "gtm_m_1", GTM_HOST));
        coordinator = node(NodeKind.COORDINATOR, "coord_m_1", FIRST_HOST);
        datanode = node(NodeKind.DATANODE, "data_m_1", FIRST_HOST);
        first.add(store, coordinator, datanode);
        converged(first, 2);
    }

    @AfterEach
    void endHosts() {
        hosts.forEach(TestHost::close);
        store.close();
    }

    @Test
    void serversStartWhoseNumbersOthersHaveSinceTheirContainersBeganAnew() throws Exception {
        for (TestHost host : List.of(gtms, first)) {
            host.stopAgent();
            host.killServers();
        }
        try (EarlierLife gtm = EarlierLife.leaveTo(gtms.config(), "earlier", 1);
                EarlierLife nodes = EarlierLife.leaveTo(first.config(), "earlier", 6)) {
            gtms.startAgent();
            first.startAgent();

            await().atMost(LONG)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    Stream.of(gtms, first)
                                                            .flatMap(
                                                                    host ->
                                                                            host
                                                                                    .inspect()
                                                                                    .instances()
                                                                                    .stream()))
                                            .hasSize(3)
                                            .allMatch(
                                                    report ->
                                                            report.state()
                                                                    == InstanceReport.State.UP));
            assertThat(gtm.numberIsTaken() && nodes.numberIsTaken()).isTrue();
        }
    }

    @Test
    void everyNodeListsAllNodesAndItsOwnHostsDatanodeIsPreferred() throws Exception {
        Node other = node(NodeKind.COORDINATOR, "coord_m_2", SECOND_HOST);
        second.add(store, other);
        converged(first, 3);
        converged(second, 3);

        List<String> rows = List.of(row(coordinator, "C"), row(other, "C"), row(datanode, "D"));
        for (Node each : List.of(coordinator, other, datanode)) {
            assertThat(ask(each, PGXC_NODE)).as(each.name().value()).isEqualTo(rows);
        }
        String preferred = "SELECT node_name FROM pgxc_node WHERE nodeis_preferred";
        assertThat(ask(coordinator, preferred)).containsExactly("data_m_1");
        assertThat(ask(other, preferred)).isEmpty();
    }

    @Test
    void repairsAHostThatWasAwayDuringAChange() throws Exception {
        first.stopAgent();
        Node later = node(NodeKind.DATANODE, "data_m_2", SECOND_HOST);
        second.add(store, later);
        converged(second, 3);
        assertThat(ask(coordinator, PGXC_NODE)).hasSize(2);

        first.startAgent();
        converged(first, 3);

        assertThat(ask(coordinator, PGXC_NODE)).hasSize(3).contains(row(later, "D"));
        TestHost.remove(store, later);
        converged(first, 4);
        assertThat(ask(coordinator, PGXC_NODE)).hasSize(2);
    }

    @Test
    void theFirstDatanodeCanGoWhenThereIsAnother() throws Exception {
        Node later = node(NodeKind.DATANODE, "data_m_2", SECOND_HOST);
        second.add(store, later);
        converged(first, 3);
        converged(second, 3);

        TestHost.remove(store, datanode);
        converged(first, 4);
        converged(second, 4);

        String primary = "SELECT node_name FROM pgxc_node WHERE nodeis_primary AND node_type = 'D'";
        assertThat(ask(coordinator, PGXC_NODE))
                .containsExactly(row(coordinator, "C"), row(later, "D"));
        assertThat(ask(coordinator, primary)).containsExactly("data_m_2");
        execute(coordinator, "CREATE TABLE copies (id int) DISTRIBUTE BY REPLICATION");
        execute(coordinator, "INSERT INTO copies VALUES (1)");
    }

    @Test
    void writesNothingWhereEverythingMatches() throws Exception {
        String writes =
                "SELECT (SELECT string_agg(xmin::text || ':' || node_name, ',') FROM pgxc_node),"
                        + " (SELECT string_agg(xmin::text || ':' || rolname, ',') FROM pg_authid),"
                        + " (pg_stat_file('pg_hba.conf')).modification::text";
        List<String> before = ask(coordinator, writes);

        first.stopAgent();
        first.startAgent();
        converged(first, 2);

        assertThat(ask(coordinator, writes)).isEqualTo(before);
    }

    @Test
    void aNodeThatComesLaterHasTheTablesThatAreThereAndTakesPartInThem() throws Exception {
        execute(
                coordinator,
                distributed("orders (id int, what text)"),
                "INSERT INTO orders SELECT n, 'x' FROM generate_series(1, 100) n",
                "CREATE ROLE alice LOGIN",
                "CREATE DATABASE shop");
        Node other = node(NodeKind.COORDINATOR, "coord_m_2", SECOND_HOST);
        Node later = node(NodeKind.DATANODE, "data_m_2", SECOND_HOST);

        addWithDefinitions(other, 3);
        addWithDefinitions(later, 4);

        assertThat(ask(other, "SELECT count(*) FROM orders")).containsExactly("100");
        assertThat(ask(other, "SELECT count(*) FROM pg_roles WHERE rolname = 'alice'"))
                .containsExactly("1");
        assertThat(ask(other, "SELECT count(*) FROM pg_database WHERE datname = 'shop'"))
                .containsExactly("1");
        execute(other, "INSERT INTO orders VALUES (101, 'y')");
        assertThat(ask(coordinator, "SELECT count(*) FROM orders")).containsExactly("101");
        execute(coordinator, "CREATE TABLE afterwards (id int)");
        execute(other, "INSERT INTO afterwards SELECT n FROM generate_series(1, 50) n");
        assertThat(ask(coordinator, "SELECT count(*) FROM afterwards")).containsExactly("50");
        assertThat(first.ask(new Request.ListUserTables(TestHost.name(datanode))))
                .isInstanceOfSatisfying(
                        Reply.UserTables.class,
                        tables -> assertThat(tables.tables()).contains("postgres.public.orders"));
        assertThat(second.ask(new Request.ListUserTables(TestHost.name(later))))
                .isInstanceOfSatisfying(
                        Reply.UserTables.class,
                        tables ->
                                assertThat(tables.tables())
                                        .doesNotContain("postgres.public.orders"));
    }

    @Test
    void whileDdlIsKeptOutClientsWriteButDoNotChangeDefinitions() throws Exception {
        execute(coordinator, distributed("orders (id int)"));
        mustBeDone(first.ask(new Request.LockDdl(first.key(), name(coordinator), LONG)));

        execute(coordinator, "INSERT INTO orders VALUES (1)");
        assertThat(ddlFails(coordinator)).isTrue();
        mustBeDone(first.ask(new Request.CheckDdlLock(name(coordinator), 1)));
        mustBeDone(first.ask(new Request.UnlockDdl(first.key(), name(coordinator))));

        assertThat(ddlFails(coordinator)).isFalse();
        assertThat(first.ask(new Request.CheckDdlLock(name(coordinator), 1)))
                .isInstanceOf(Reply.Failed.class);
    }

    @Test
    void aDeepCheckFindsThatWritesFailWhenADatanodeIsGone() throws Exception {
        Reply.DeepReport before =
                (Reply.DeepReport) first.ask(new Request.CheckDeep(name(coordinator)));
        assertThat(before).isEqualTo(new Reply.DeepReport(Optional.empty(), Optional.empty()));

        mustBeDone(first.kill(datanode));

        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(
                                                ((Reply.DeepReport)
                                                                first.ask(
                                                                        new Request.CheckDeep(
                                                                                name(coordinator))))
                                                        .writeTrouble())
                                        .isPresent());
    }

    @Test
    void serversThatWereKilledComeBackAndServe() throws Exception {
        execute(coordinator, distributed("orders (id int)"), "INSERT INTO orders VALUES (1)");

        gtms.killServers();
        first.killServers();

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            execute(coordinator, "INSERT INTO orders VALUES (2)");
                            assertThat(first.report(datanode).state())
                                    .isEqualTo(InstanceReport.State.UP);
                        });
        assertThat(ask(coordinator, "SELECT min(id) FROM orders")).containsExactly("1");
    }

    private void addWithDefinitions(Node node, int version) {
        mustBeDone(first.ask(new Request.LockDdl(first.key(), name(coordinator), LONG)));
        mustBeDone(second.prepare(store, node));
        mustBeDone(
                second.ask(
                        new Request.CopyDefinitions(
                                second.key(),
                                name(node),
                                coordinator.instances().get(0).address())));
        mustBeDone(second.start(node));
        second.commit(store, node);
        converged(first, version);
        converged(second, version);
        mustBeDone(first.ask(new Request.UnlockDdl(first.key(), name(coordinator))));
    }

    private static boolean ddlFails(Node node) {
        try {
            execute(node, "SET lock_timeout = '1s'", "CREATE TABLE tried (id int)");
            return false;
        } catch (SQLException e) {
            return true;
        }
    }

    private static void converged(TestHost host, int version) {
        assertThat(host.await(version)).isEqualTo(new Reply.Converged(version));
    }

    private static List<String> ask(Node node, String query) throws SQLException {
        return TestClient.query(node, ServerRole.SUPERUSER, query);
    }

    private static void execute(Node node, String... statements) throws SQLException {
        TestClient.execute(node, ServerRole.SUPERUSER, "postgres", statements);
    }

    private static String row(Node node, String type) {
        return String.join(
                "|",
                node.name().value(),
                type,
                node.instances().get(0).port().toString(),
                node.instances().get(0).host().value());
    }

    private static InstanceName name(Node node) {
        return TestHost.name(node);
    }

    private TestHost host(String address, Path home) throws IOException {
        TestHost host =
                new TestHost(
                        TestHost.config(
                                directory.resolve(address),
                                TestHost.CLUSTER,
                                address,
                                "127.0.0.1:1",
                                engine(),
                                Optional.of(home)),
                        () -> new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER));
        hosts.add(host);
        return host;
    }

    private static Node node(NodeKind kind, String name, String host) throws IOException {
        int port = freePort(host);
        int pooler = freePort(host);
        while (pooler == port) {
            pooler = freePort(host);
        }
        return TestHost.node(
                kind,
                name,
                host,
                port,
                kind.inCatalog() ? Optional.of(new Port(pooler)) : Optional.empty(),
                name,
                "",
                "");
    }
}
