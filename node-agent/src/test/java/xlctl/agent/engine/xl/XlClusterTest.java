package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestHost;
import xlctl.agent.process.ServerProcesses;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/** What the nodes of a real Postgres-XL cluster do to each other. */
@Tag(RealEngine.TAG)
class XlClusterTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, String> HOSTS =
            Map.of(
                    "coord_1", "127.0.8.11",
                    "coord_2", "127.0.8.12",
                    "data_1", "127.0.8.11",
                    "data_2", "127.0.8.12");

    @TempDir Path directory;
    private final Map<String, Site> sites = new HashMap<>();
    private final List<Catalog.Entry> members = new ArrayList<>();
    private XlEngine engine;
    private ServerProcesses processes;
    private RunningGtm gtm;

    @BeforeEach
    void startACoordinatorAndADatanode() throws Exception {
        Path home = RealEngine.home(EngineKind.POSTGRES_XL);
        directory = directory.toRealPath();
        engine = XlEngine.postgresXl(Optional.of(home));
        processes = new ServerProcesses(engine::send);
        gtm = RunningGtm.start(home, directory.resolve("gtm"));
        for (String node : List.of("coord_1", "data_1")) {
            prepare(node);
            start(node);
            join(node);
        }
    }

    @AfterEach
    void endServers() throws InterruptedException {
        for (Site site : sites.values()) {
            processes.kill(engine.command(site), Optional.empty(), LONG);
        }
        if (gtm != null) {
            gtm.close();
        }
    }

    @Test
    void theClientWorksOnAllNodes() throws Exception {
        execute(
                "coord_1",
                ServerRole.CLIENT,
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.orders (id int) DISTRIBUTE BY HASH (id)",
                "INSERT INTO shop.orders SELECT generate_series(1, 100)");

        assertThat(ask("coord_1", ServerRole.CLIENT, "SELECT count(*) FROM shop.orders"))
                .isEqualTo("100");
        assertThat(tables("data_1")).containsExactly("postgres.shop.orders");
        assertThat(tables("coord_1")).containsExactly("postgres.shop.orders");
    }

    @Test
    void laterNodesHaveWhatIsThereAndTakePart() throws Exception {
        execute(
                "coord_1",
                ServerRole.SUPERUSER,
                "CREATE ROLE alice LOGIN CREATEDB PASSWORD 'x'",
                "CREATE DATABASE shop OWNER alice",
                "CREATE TABLE orders (id int PRIMARY KEY, at serial) DISTRIBUTE BY HASH (id)",
                "INSERT INTO orders (id) SELECT generate_series(1, 100)",
                "CREATE VIEW big AS SELECT * FROM orders WHERE id > 50",
                "GRANT SELECT ON big TO app");
        try (ServerLink link = engine.link(sites.get("coord_1"));
                DdlLock lock = link.lockDdl()) {
            for (String node : List.of("coord_2", "data_2")) {
                prepare(node);
                engine.copyDefinitions(sites.get(node), address("coord_1"), line -> {});
                start(node);
                join(node);
            }
            assertThat(lock.held()).isTrue();
            assertThatThrownBy(
                            () ->
                                    execute(
                                            "coord_2",
                                            ServerRole.CLIENT,
                                            "SET lock_timeout = '1s'",
                                            "CREATE TABLE t (i int)"))
                    .hasMessageContaining("lock timeout");
            execute("coord_2", ServerRole.SUPERUSER, "INSERT INTO orders (id) VALUES (1000)");
        }

        assertThat(ask("coord_2", ServerRole.CLIENT, "SELECT count(*) FROM big")).isEqualTo("51");
        assertThat(
                        ask(
                                "data_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_roles"
                                        + " WHERE rolname IN ('alice', 'app', 'xlctl_monitor')"))
                .isEqualTo("3");
        execute(
                "coord_2",
                ServerRole.CLIENT,
                "CREATE TABLE wide (id int)",
                "INSERT INTO wide SELECT generate_series(1, 100)");
        assertThat(ask("coord_1", ServerRole.CLIENT, "SELECT count(DISTINCT xc_node_id) FROM wide"))
                .isEqualTo("2");
        assertThat(tables("data_2")).containsExactly("postgres.public.wide");
        assertThat(tables("data_1")).contains("postgres.public.orders", "postgres.public.wide");
        assertThat(tables("coord_1")).isEmpty();
    }

    @Test
    void nodesWithoutAnythingOfUsersNeedNoLoading() throws Exception {
        prepare("coord_2");
        List<String> said = new ArrayList<>();

        engine.copyDefinitions(sites.get("coord_2"), address("coord_1"), said::add);

        assertThat(said).hasSize(1);
        assertThat(engine.claimedPid(sites.get("coord_2"))).isEmpty();
    }

    @Test
    void aCopyThatFailedIsMadeAgainFromTheBeginning() throws Exception {
        execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");
        prepare("coord_2");
        Files.writeString(
                sites.get("coord_2").stateDirectory().resolve("definitions.unfinished"), "");
        Files.writeString(sites.get("coord_2").dataDirectory().resolve("left"), "");

        engine.copyDefinitions(sites.get("coord_2"), address("coord_1"), line -> {});

        assertThat(sites.get("coord_2").dataDirectory().resolve("left")).doesNotExist();
        start("coord_2");
        assertThat(
                        ask(
                                "coord_2",
                                ServerRole.SUPERUSER,
                                "SELECT count(*) FROM pg_database WHERE datname = 'shop'"))
                .isEqualTo("1");
    }

    @Test
    void aDatanodeWithTablesIsNotDroppedFromACatalog() throws Exception {
        execute("coord_1", ServerRole.SUPERUSER, "CREATE TABLE orders (id int)");
        members.removeIf(entry -> entry.node().value().equals("data_1"));

        assertThatThrownBy(() -> converge("coord_1"))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("data_1")
                .hasMessageContaining("postgres.public.orders");
        execute("coord_1", ServerRole.SUPERUSER, "DROP TABLE orders");
        converge("coord_1");
        assertThat(ask("coord_1", ServerRole.SUPERUSER, "SELECT count(*) FROM pgxc_node"))
                .isEqualTo("1");
    }

    @Test
    void theLockIsOneForTheWholeCluster() throws Exception {
        prepare("coord_2");
        start("coord_2");
        join("coord_2");
        execute("coord_1", ServerRole.SUPERUSER, "CREATE DATABASE shop");
        try (ServerLink first = engine.link(sites.get("coord_1"));
                ServerLink second = engine.link(sites.get("coord_2"))) {
            try (DdlLock lock = first.lockDdl()) {
                assertThatThrownBy(second::lockDdl).hasMessageContaining("already held");
                assertThat(lock.held()).isTrue();
                for (String database : List.of("postgres", "shop")) {
                    assertThatThrownBy(
                                    () -> executeIn(database, "coord_2", "CREATE TABLE t (i int)"))
                            .as(database)
                            .hasMessageContaining("locked cluster");
                }
            }
            await().atMost(LONG).ignoreExceptions().untilAsserted(() -> second.lockDdl().close());
        }
    }

    @Test
    void aSingleCoordinatorKeepsDdlOutToo() throws Exception {
        execute(
                "coord_1",
                ServerRole.SUPERUSER,
                "CREATE DATABASE shop",
                "CREATE TABLE orders (id int)");
        try (ServerLink link = engine.link(sites.get("coord_1"))) {
            try (DdlLock lock = link.lockDdl()) {
                assertThatThrownBy(link::lockDdl).isInstanceOf(EngineException.class);
                assertThat(lock.held()).isTrue();
                for (String database : List.of("postgres", "shop")) {
                    for (String ddl :
                            List.of(
                                    "CREATE TABLE t (i int)",
                                    "CREATE ROLE alice",
                                    "CREATE SCHEMA s",
                                    "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
                                    "ALTER ROLE app SET work_mem = '1MB'")) {
                        assertThatThrownBy(
                                        () ->
                                                executeIn(
                                                        database,
                                                        "coord_1",
                                                        "SET lock_timeout = '200ms'",
                                                        ddl))
                                .as(database + ": " + ddl)
                                .hasMessageContaining("lock timeout");
                    }
                }
                execute("coord_1", ServerRole.SUPERUSER, "INSERT INTO orders VALUES (1)");
            }
            await().atMost(LONG)
                    .ignoreExceptions()
                    .untilAsserted(() -> executeIn("shop", "coord_1", "CREATE TABLE t (i int)"));
        }
    }

    @Test
    void aDeepCheckReachesEveryDatanode() throws Exception {
        try (ServerLink link = engine.link(sites.get("coord_1"))) {
            assertThat(link.checkDeep().readTrouble()).isEmpty();
            assertThat(link.checkDeep().writeTrouble()).isEmpty();

            processes.kill(engine.command(sites.get("data_1")), Optional.empty(), LONG);

            assertThat(link.checkDeep().readTrouble()).get().asString().contains("data_1");
            assertThat(link.checkDeep().writeTrouble()).isPresent();
        }
    }

    @Test
    void aServerWhoseGtmIsElsewhereNowSaysThatItMustBeRestarted() throws Exception {
        HostPort proxy = new HostPort(new HostName("127.0.8.11"), new Port(1));
        GtmAddress moved =
                new GtmAddress(gtm.address().gtm(), gtm.address().master(), Optional.of(proxy));
        Site site = sites.get("data_1");
        try (ServerLink link = engine.link(site)) {
            assertThat(link.check().notes()).isEmpty();
            link.converge(catalog(moved));

            assertThat(link.check().notes())
                    .singleElement()
                    .asString()
                    .contains(gtm.address().master() + " until", "then 127.0.8.11:1");
            assertThat(site.dataDirectory().resolve("xlctl.conf"))
                    .content()
                    .contains("gtm_host = '127.0.8.11'");

            link.converge(catalog(gtm.address()));
            assertThat(link.check().notes()).isEmpty();
        }
    }

    @Test
    void aServerWhoseFirstProcessWasKilledStartsAgain() throws Exception {
        Site site = sites.get("data_1");
        long first = engine.claimedPid(site).orElseThrow();
        ProcessHandle process = ProcessHandle.of(first).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
        processes.kill(engine.command(site), Optional.empty(), LONG);

        engine.clearRemains(site);
        start("data_1");

        await().atMost(LONG)
                .ignoreExceptions()
                .untilAsserted(
                        () -> execute("coord_1", ServerRole.CLIENT, "CREATE TABLE t (id int)"));
    }

    private void prepare(String node) throws Exception {
        Site site = site(node);
        sites.put(node, site);
        engine.initialise(site, line -> {});
    }

    private void start(String node) throws IOException {
        Site site = sites.get(node);
        processes.start(engine.command(site));
        try (ServerLink link = engine.link(site)) {
            await().atMost(LONG).until(() -> link.check().answers());
        }
    }

    /** As after the commit of its topology: every node's agent hears of it. */
    private void join(String node) throws EngineException {
        Site site = sites.get(node);
        members.add(
                new Catalog.Entry(
                        site.spec().instance().name().node(),
                        site.spec().kind(),
                        site.spec().instance().address()));
        for (Catalog.Entry member : members) {
            converge(member.node().value());
        }
    }

    private void converge(String node) throws EngineException {
        try (ServerLink link = engine.link(sites.get(node))) {
            link.converge(catalog(gtm.address()));
        }
    }

    private Catalog catalog(GtmAddress address) {
        Set<HostName> hosts =
                members.stream().map(entry -> entry.master().host()).collect(Collectors.toSet());
        return new Catalog(
                members,
                hosts,
                Networks.HOSTS_ONLY,
                hosts.stream().collect(Collectors.toMap(host -> host, host -> address)),
                Places.UNKNOWN);
    }

    private List<String> tables(String node) throws EngineException {
        try (ServerLink link = engine.link(sites.get(node))) {
            return link.userTables().tables();
        }
    }

    private HostPort address(String node) {
        return sites.get(node).spec().instance().address();
    }

    private void execute(String node, ServerRole role, String... statements) throws SQLException {
        try (Connection connection = connect("postgres", node, role)) {
            execute(connection, statements);
        }
    }

    private void executeIn(String database, String node, String... statements) throws SQLException {
        try (Connection connection = connect(database, node, ServerRole.SUPERUSER)) {
            execute(connection, statements);
        }
    }

    private static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    private String ask(String node, ServerRole role, String query) throws SQLException {
        try (Connection connection = connect("postgres", node, role);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            row.next();
            return row.getString(1);
        }
    }

    private Connection connect(String database, String node, ServerRole role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role.roleName());
        properties.setProperty("password", TestHost.PASSWORDS.get(role).reveal());
        properties.setProperty("ApplicationName", "xlctl_test");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address(node) + "/" + database, properties);
    }

    private Site site(String node) throws IOException {
        String host = HOSTS.get(node);
        NodeKind kind = node.startsWith("coord") ? NodeKind.COORDINATOR : NodeKind.DATANODE;
        Instance instance =
                new Instance(
                        InstanceName.parse(node + ".1"),
                        new HostName(host),
                        new Port(freePort(host)),
                        Optional.empty(),
                        new Directory(node),
                        Optional.empty());
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        EngineKind.POSTGRES_XL,
                        kind,
                        instance,
                        Networks.HOSTS_ONLY,
                        Optional.of(gtm.address()),
                        "",
                        ""),
                TestHost.secrets(EngineKind.POSTGRES_XL, kind),
                host,
                directory.resolve(node),
                Optional.empty(),
                Files.createDirectories(directory.resolve("state-" + node)),
                Files.createDirectories(directory.resolve("run")));
    }

    private static int freePort(String host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host))) {
            return socket.getLocalPort();
        }
    }
}
