package xlctl.agent.engine.postgresql.sql;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postgresql.PostgresqlEngine;
import xlctl.agent.host.TestHost;
import xlctl.agent.host.TestSecrets;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.tls.TlsFiles;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.ServerRole;

/**
 * A cluster of real servers, made as agents make it: a GTM, three coordinators, three datanodes. A
 * thread for each node finishes what DDL left there, as its agent does. For one test at a time.
 */
final class SqlCluster implements AutoCloseable {
    static final String GTM = "gtm";
    static final List<String> COORDINATORS = List.of("coord_1", "coord_2", "coord_3");
    static final List<String> DATANODES = List.of("data_1", "data_2", "data_3");
    static final List<String> NODES =
            Stream.concat(COORDINATORS.stream(), DATANODES.stream()).toList();

    static final Duration LONG = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final String HOST = "127.0.9.1";
    private static final Networks CLIENTS_FROM_HERE =
            Networks.plain(List.of(), List.of(new Cidr("127.0.0.0/8")));
    private static final NodeName GTM_NAME = new NodeName(GTM);

    private final Path directory;
    private final Engine engine = new PostgresqlEngine(Optional.empty());
    private final ServerProcesses processes = new ServerProcesses(engine::send);
    private final Map<String, Site> sites = new LinkedHashMap<>();
    private final Map<String, ServerLink> links = new LinkedHashMap<>();
    private final Map<String, Session> kept = new HashMap<>();
    private final ScheduledExecutorService agents = Executors.newScheduledThreadPool(NODES.size());
    private final List<Future<?>> rounds = new ArrayList<>();

    private SqlCluster(Path directory) {
        this.directory = directory;
    }

    /** In a directory that is there and empty. */
    static SqlCluster start(Path directory) throws Exception {
        SqlCluster cluster = new SqlCluster(directory.toRealPath());
        try {
            cluster.make();
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    private void make() throws Exception {
        sites.put(GTM, site(GTM, NodeKind.GTM, Optional.empty()));
        Optional<GtmAddress> gtm = Optional.of(gtm());
        for (String node : COORDINATORS) {
            sites.put(node, site(node, NodeKind.COORDINATOR, gtm));
        }
        for (String node : DATANODES) {
            sites.put(node, site(node, NodeKind.DATANODE, gtm));
        }
        sites.forEach((node, site) -> links.put(node, engine.link(site)));
        onEach(
                node -> {
                    engine.initialise(sites.get(node), line -> {});
                    start(node);
                });
        links.get(GTM).converge(catalog());
        onEach(node -> links.get(node).converge(catalog()));
        for (String node : NODES) {
            rounds.add(
                    agents.scheduleWithFixedDelay(
                            () -> finishDdl(node),
                            LOOK_AGAIN.toMillis(),
                            LOOK_AGAIN.toMillis(),
                            TimeUnit.MILLISECONDS));
        }
    }

    /** Something done with a node. */
    @FunctionalInterface
    private interface Work {
        void on(String node) throws Exception;
    }

    private void onEach(Work work) throws Exception {
        ExecutorService workers = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (String node : sites.keySet()) {
                all.add(
                        workers.submit(
                                () -> {
                                    work.on(node);
                                    return null;
                                }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            workers.shutdownNow();
        }
    }

    /** What cannot be finished yet is tried again, as an agent does. */
    private void finishDdl(String node) {
        try {
            links.get(node).finishDdl();
        } catch (EngineException notYet) {
            return;
        }
    }

    void converge(String node) throws EngineException {
        links.get(node).converge(catalog());
    }

    /** Ends all processes of a server at once, as when its machine fails. */
    void kill(String node) throws InterruptedException {
        closeKept(node);
        Set<Long> left = processes.kill(engine.command(sites.get(node)), Optional.empty(), LONG);
        if (!left.isEmpty()) {
            throw new AssertionError(node + " has processes that do not end: " + left);
        }
    }

    void start(String node) throws IOException {
        processes.start(engine.command(sites.get(node)));
        awaitAnswer(node);
    }

    /**
     * Until a server answers that starts, or that ended all sessions because one of them crashed.
     */
    void awaitAnswer(String node) {
        closeKept(node);
        await().atMost(LONG).until(() -> links.get(node).check().answers());
    }

    /** Where it listens, as PostgreSQL's JDBC driver takes it. */
    String url(String node, String database) {
        return "jdbc:postgresql://" + HOST + ":" + sites.get(node).port() + "/" + database;
    }

    /** As the client whom a new cluster has. */
    Session app(String node) throws SQLException {
        return session(node, ServerRole.CLIENT);
    }

    /** As the superuser, who may define what is on this server alone. */
    Session superuser(String node) throws SQLException {
        Session session = session(node, ServerRole.SUPERUSER);
        session.run("SET xl.allow_local = on");
        return session;
    }

    /** The superuser's session that the cluster keeps until the server is killed. */
    Session kept(String node) throws SQLException {
        Session session = kept.get(node);
        if (session == null) {
            session = superuser(node);
            kept.put(node, session);
        }
        return session;
    }

    private void closeKept(String node) {
        Session session = kept.remove(node);
        if (session != null) {
            try {
                session.close();
            } catch (SQLException e) {
                throw new IllegalStateException("closing a session of " + node, e);
            }
        }
    }

    private Session session(String node, ServerRole role) throws SQLException {
        return login(node, role.roleName(), TestSecrets.PASSWORDS.get(role).reveal());
    }

    Session login(String node, String role, String password) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", role);
        properties.setProperty("password", password);
        properties.setProperty("ApplicationName", "xlctl_test");
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("connectTimeout", "10");
        properties.setProperty("socketTimeout", Long.toString(2 * LONG.toSeconds()));
        return new Session(DriverManager.getConnection(url(node, "postgres"), properties));
    }

    @Override
    public void close() {
        boolean allAtWork = rounds.stream().noneMatch(Future::isDone);
        try {
            agents.shutdownNow();
            agents.awaitTermination(LONG.toSeconds(), TimeUnit.SECONDS);
            links.values().forEach(ServerLink::close);
            for (String node : sites.keySet()) {
                kill(node);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("servers may be left in " + directory, e);
        }
        if (!allAtWork) {
            throw new IllegalStateException("an agent's thread has died");
        }
    }

    private GtmAddress gtm() {
        return new GtmAddress(
                GTM_NAME, sites.get(GTM).spec().instance().address(), Optional.empty());
    }

    private Catalog catalog() {
        HostName host = new HostName(HOST);
        return new Catalog(
                NODES.stream()
                        .map(node -> sites.get(node).spec())
                        .map(
                                spec ->
                                        new Catalog.Entry(
                                                spec.instance().name().node(),
                                                spec.kind(),
                                                spec.instance().address()))
                        .toList(),
                Set.of(host),
                CLIENTS_FROM_HERE,
                Map.of(host, gtm()),
                Places.UNKNOWN);
    }

    private Site site(String node, NodeKind kind, Optional<GtmAddress> gtm) throws IOException {
        Instance instance =
                new Instance(
                        InstanceName.parse(node + ".1"),
                        new HostName(HOST),
                        new Port(TestHost.freePort(HOST)),
                        Optional.empty(),
                        new Directory(node),
                        Optional.empty());
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        EngineKind.POSTGRESQL,
                        kind,
                        instance,
                        CLIENTS_FROM_HERE,
                        gtm,
                        new OperatorFile("extra.conf", "shared_buffers = 32MB"),
                        OperatorFile.NONE),
                TestSecrets.of(kind),
                HOST,
                directory.resolve(node),
                Optional.empty(),
                Files.createDirectories(directory.resolve("state-" + node)),
                Files.createDirectories(directory.resolve("run")),
                new TlsFiles(directory.resolve("tls")));
    }
}
