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
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.host.TestHost;
import xlctl.agent.host.TestSecrets;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.tls.TlsFiles;
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
import xlctl.topology.OperatorFile;
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/** A real cluster on two addresses: a GTM, and nodes that a test makes and takes away. */
final class RunningCluster {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final Map<String, String> HOSTS =
            Map.of(
                    "coord_1", "127.0.8.11",
                    "coord_2", "127.0.8.12",
                    "data_1", "127.0.8.11",
                    "data_2", "127.0.8.12");

    private final EngineKind kind;
    private final Path directory;
    private final String settings;
    private final XlEngine engine;
    private final ServerProcesses processes;
    private final RunningGtm gtm;
    private final Map<String, Site> sites = new HashMap<>();
    private final List<Catalog.Entry> members = new ArrayList<>();

    private RunningCluster(
            EngineKind kind, Path directory, String settings, XlEngine engine, RunningGtm gtm) {
        this.kind = kind;
        this.directory = directory;
        this.settings = settings;
        this.engine = engine;
        this.processes = new ServerProcesses(engine::send);
        this.gtm = gtm;
    }

    /**
     * @param settings an operator's lines of configuration, on all nodes
     */
    static RunningCluster start(EngineKind kind, Path directory, String settings) throws Exception {
        Optional<Path> home = Optional.of(RealEngine.home(kind));
        XlEngine engine =
                kind == EngineKind.OPENTENBASE
                        ? XlEngine.openTenBase(home)
                        : XlEngine.postgresXl(home);
        Path real = directory.toRealPath();
        return new RunningCluster(
                kind, real, settings, engine, RunningGtm.start(engine, kind, real.resolve("gtm")));
    }

    static RunningCluster startWithCoordinatorAndDatanode(EngineKind kind, Path directory)
            throws Exception {
        RunningCluster cluster = start(kind, directory, "");
        for (String node : List.of("coord_1", "data_1")) {
            cluster.prepare(node);
            cluster.start(node);
            cluster.join(node);
        }
        return cluster;
    }

    void close() throws InterruptedException {
        for (String node : sites.keySet()) {
            kill(node);
        }
        gtm.close();
    }

    void prepare(String node) throws Exception {
        Site site = newSite(node);
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

    /** As after the commit of a topology without it: the agents of those that stay hear of it. */
    void leave(String node) throws EngineException {
        forget(node);
        for (Catalog.Entry member : members) {
            converge(member.node().value());
        }
    }

    /** No server hears of it yet. */
    void forget(String node) {
        members.removeIf(entry -> entry.node().value().equals(node));
    }

    void kill(String node) throws InterruptedException {
        processes.kill(engine.command(sites.get(node)), Optional.empty(), LONG);
    }

    XlEngine engine() {
        return engine;
    }

    Site site(String node) {
        return sites.get(node);
    }

    ServerLink link(String node) {
        return engine.link(site(node));
    }

    GtmAddress gtm() {
        return gtm.address();
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
                hosts.stream().collect(Collectors.toMap(host -> host, host -> address)),
                Places.UNKNOWN);
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

    Connection connect(String database, String node, ServerRole role) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role.roleName());
        properties.setProperty("password", TestSecrets.PASSWORDS.get(role).reveal());
        properties.setProperty("ApplicationName", "xlctl_test");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address(node) + "/" + database, properties);
    }

    private Site newSite(String node) throws IOException {
        String host = HOSTS.get(node);
        NodeKind type = node.startsWith("coord") ? NodeKind.COORDINATOR : NodeKind.DATANODE;
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
                        kind,
                        type,
                        instance,
                        Networks.HOSTS_ONLY,
                        Optional.of(gtm.address()),
                        new OperatorFile("extra.conf", settings),
                        OperatorFile.NONE),
                TestSecrets.of(kind, type),
                host,
                directory.resolve(node),
                Optional.empty(),
                Files.createDirectories(directory.resolve("state-" + node)),
                Files.createDirectories(directory.resolve("run")),
                new TlsFiles(directory.resolve("tls")));
    }
}
