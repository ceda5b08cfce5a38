package xlctl.agent.engine.xl;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
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
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestHost;
import xlctl.agent.host.TestSecrets;
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
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/** A real Postgres-XL cluster: a coordinator and a datanode, and what may come to them. */
@Tag(RealEngine.TAG)
abstract class XlClusterScenario {
    static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, String> HOSTS =
            Map.of(
                    "coord_1", "127.0.8.11",
                    "coord_2", "127.0.8.12",
                    "data_1", "127.0.8.11",
                    "data_2", "127.0.8.12");

    @TempDir Path directory;
    final Map<String, Site> sites = new HashMap<>();
    final List<Catalog.Entry> members = new ArrayList<>();
    XlEngine engine;
    ServerProcesses processes;
    RunningGtm gtm;

    @BeforeEach
    void startACoordinatorAndADatanode() throws Exception {
        Path home = RealEngine.home(EngineKind.POSTGRES_XL);
        directory = directory.toRealPath();
        engine = XlEngine.postgresXl(Optional.of(home));
        processes = new ServerProcesses(engine::send);
        gtm = RunningGtm.start(engine, EngineKind.POSTGRES_XL, directory.resolve("gtm"));
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

    void prepare(String node) throws Exception {
        Site site = site(node);
        sites.put(node, site);
        engine.initialise(site, line -> {});
    }

    void start(String node) throws IOException {
        Site site = sites.get(node);
        processes.start(engine.command(site));
        try (ServerLink link = engine.link(site)) {
            await().atMost(LONG).until(() -> link.check().answers());
        }
    }

    /** As after the commit of its topology: every node's agent hears of it. */
    void join(String node) throws EngineException {
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

    void converge(String node) throws EngineException {
        try (ServerLink link = engine.link(sites.get(node))) {
            link.converge(catalog(gtm.address()));
        }
    }

    Catalog catalog(GtmAddress address) {
        Set<HostName> hosts =
                members.stream().map(entry -> entry.master().host()).collect(Collectors.toSet());
        return new Catalog(
                members,
                hosts,
                Networks.HOSTS_ONLY,
                hosts.stream().collect(Collectors.toMap(host -> host, host -> address)));
    }

    List<String> tables(String node) throws EngineException {
        try (ServerLink link = engine.link(sites.get(node))) {
            return link.userTables().tables();
        }
    }

    HostPort address(String node) {
        return sites.get(node).spec().instance().address();
    }

    void execute(String node, ServerRole role, String... statements) throws SQLException {
        try (Connection connection = connect("postgres", node, role)) {
            execute(connection, statements);
        }
    }

    void executeIn(String database, String node, String... statements) throws SQLException {
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

    String ask(String node, ServerRole role, String query) throws SQLException {
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
        properties.setProperty("password", TestSecrets.PASSWORDS.get(role).reveal());
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
                        new Port(TestHost.freePort(host)),
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
                TestSecrets.of(EngineKind.POSTGRES_XL, kind),
                host,
                directory.resolve(node),
                Optional.empty(),
                Files.createDirectories(directory.resolve("state-" + node)),
                Files.createDirectories(directory.resolve("run")));
    }
}
