package xlctl.agent.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.agent.file.PrivateFile;
import xlctl.agent.host.TestHost;
import xlctl.agent.host.TestSecrets;
import xlctl.agent.process.ProcessIdentity;
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
import xlctl.topology.NodeName;
import xlctl.topology.OperatorFile;
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.Role;

/** What the agent relies on of every engine, tried on real servers. */
public abstract class EngineContract {
    private static final String ADDRESS = "127.0.8.1";
    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir protected Path directory;
    private Engine engine;
    private ServerProcesses processes;
    private int port;
    private Optional<Site> started = Optional.empty();

    /** The engine under test, its programs found on this host. */
    protected abstract Engine engine();

    protected abstract EngineKind kind();

    /** Where the servers find their GTM, for an engine that has one. */
    protected Optional<GtmAddress> gtm() {
        return Optional.empty();
    }

    /** Whether a file is where the server itself looks for the password of its superuser. */
    protected boolean isThePasswordFile(Path file) {
        return false;
    }

    @BeforeEach
    void findAPort() throws IOException {
        directory = directory.toRealPath();
        engine = engine();
        processes = new ServerProcesses(engine::send);
        port = TestHost.freePort(ADDRESS);
    }

    @AfterEach
    void endServer() throws InterruptedException {
        if (started.isPresent()) {
            processes.kill(engine.command(started.get()), Optional.empty(), LONG);
        }
    }

    @Test
    void reportsItsVersionAndNothingMissing() {
        assertThat(engine.report().version()).isPresent();
        assertThat(engine.report().problems()).isEmpty();
        assertThat(engine.report().kind()).isEqualTo(kind());
    }

    @ParameterizedTest
    @EnumSource(
            value = NodeKind.class,
            names = {"GTM", "COORDINATOR", "DATANODE"})
    void servesEveryKindOfNode(NodeKind node) throws Exception {
        Site site = site(node, "", Optional.empty());
        engine.initialise(site, line -> {});
        start(site);

        try (ServerLink link = engine.link(site)) {
            link.converge(catalog(node));
            assertThat(link.check().role()).contains(Role.MASTER);
            assertThat(link.userTables().tables()).isEmpty();
            link.converge(catalog(node));
        }
    }

    @Test
    void makesADirectoryForItsOwnerAloneAndTheWalWhereItShouldBe() throws Exception {
        Path wal = directory.resolve("wal");
        Site site = site(NodeKind.DATANODE, "", Optional.of(wal));
        engine.initialise(site, line -> {});

        for (Path place : List.of(site.dataDirectory(), wal)) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(place)))
                    .isEqualTo("rwx------");
        }
        assertThat(wal).isNotEmptyDirectory();
    }

    /** Who is logged in already is answered, and nobody else. */
    @Test
    void aServerThatLetsNobodyInAnyMoreDoesNotAnswer() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});
        ProcessIdentity postmaster = start(site);

        try (ServerLink link = engine.link(site)) {
            assertThat(link.check().answers()).isTrue();
            signal("STOP", postmaster);
            try {
                await().atMost(LONG).until(() -> !link.check().answers());
                assertThat(link.check().answers()).isFalse();
            } finally {
                signal("CONT", postmaster);
            }
            await().atMost(LONG).until(() -> link.check().answers());
        }
    }

    private static void signal(String name, ProcessIdentity process) throws Exception {
        assertThat(
                        new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                                .start()
                                .waitFor())
                .isZero();
    }

    @Test
    void makesDatabasesOfUtf8WithChecksums() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});
        start(site);

        try (SuperuserConnections connections = new SuperuserConnections(site);
                Connection connection = connections.open()) {
            assertThat(Databases.column(connection, "SHOW server_encoding")).containsOnly("UTF8");
            assertThat(
                            Databases.column(
                                    connection,
                                    "SELECT datcollate FROM pg_database"
                                            + " WHERE datname = current_database()"))
                    .containsOnly("C.UTF-8");
            assertThat(Databases.column(connection, "SHOW data_checksums")).containsOnly("on");
        }
    }

    @Test
    void refusesSettingsThatItDoesNotKnowBeforeAnythingStarts() throws Exception {
        Site site = site(NodeKind.DATANODE, "no_such_setting = 1", Optional.empty());

        assertThatThrownBy(() -> engine.initialise(site, line -> {}))
                .asInstanceOf(type(EngineException.class))
                .satisfies(e -> assertThat(e.problems().get(0).what()).contains("data_m_1.1"));
    }

    @Test
    void failsAndSaysWhyWhenTheDirectoryCannotBeMade() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.of(Path.of("/proc/no-such-place/wal")));

        assertThatThrownBy(() -> engine.initialise(site, line -> {}))
                .asInstanceOf(type(EngineException.class))
                .satisfies(e -> assertThat(e.getMessage()).contains("/proc/no-such-place"));
    }

    @Test
    void leavesNoPasswordBehindThatInitialisingNeeded() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});

        String password = site.secrets().superuser().reveal();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (isThePasswordFile(file)) {
                    assertThat(PrivateFile.isPrivate(file)).isTrue();
                    continue;
                }
                assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(password);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(StopMode.class)
    void stopsInEveryModeAndStartsAgain(StopMode mode) throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});
        ProcessIdentity first = start(site);
        assertThat(engine.claimedPid(site)).contains(first.pid());

        Set<Long> left =
                processes.stop(engine.command(site), first, engine.signal(site, mode), LONG);

        assertThat(left).isEmpty();
        try (ServerLink link = engine.link(site)) {
            assertThat(link.check().answers()).isFalse();
            assertThat(link.check().why()).isNotEmpty();
            start(site);
            assertThat(link.check().answers()).isTrue();
        }
    }

    @Test
    void answersAfterItsServerWasRestartedUnderIt() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});
        ProcessIdentity first = start(site);
        try (ServerLink link = engine.link(site)) {
            assertThat(link.check().answers()).isTrue();
            processes.stop(engine.command(site), first, engine.signal(site, StopMode.FAST), LONG);
            start(site);

            assertThat(link.check().answers()).isTrue();
        }
    }

    @Test
    void saysItsLastWords() throws Exception {
        Site site = site(NodeKind.DATANODE, "", Optional.empty());
        engine.initialise(site, line -> {});
        ProcessIdentity first = start(site);
        processes.stop(engine.command(site), first, engine.signal(site, StopMode.FAST), LONG);

        assertThat(engine.lastWords(site)).isNotEmpty();
    }

    private ProcessIdentity start(Site site) throws IOException {
        started = Optional.of(site);
        ProcessIdentity process = processes.start(engine.command(site));
        try (ServerLink link = engine.link(site)) {
            await().atMost(LONG).until(() -> link.check().answers());
        }
        return process;
    }

    private Catalog catalog(NodeKind node) {
        return new Catalog(
                List.of(
                        new Catalog.Entry(
                                new NodeName("data_m_1"),
                                node.inCatalog() ? node : NodeKind.DATANODE,
                                new HostPort(new HostName(ADDRESS), new Port(port)))),
                Set.of(new HostName(ADDRESS)),
                Networks.HOSTS_ONLY,
                Map.of(),
                Places.UNKNOWN);
    }

    private Site site(NodeKind node, String configuration, Optional<Path> wal) throws IOException {
        Instance instance =
                new Instance(
                        InstanceName.parse("data_m_1.1"),
                        new HostName(ADDRESS),
                        new Port(port),
                        Optional.empty(),
                        new Directory("data"),
                        Optional.empty());
        return new Site(
                new InstanceSpec(
                        new ClusterName("c1"),
                        kind(),
                        node,
                        instance,
                        Networks.HOSTS_ONLY,
                        node == NodeKind.GTM ? Optional.empty() : gtm(),
                        new OperatorFile("extra.conf", configuration),
                        OperatorFile.NONE),
                TestSecrets.of(kind(), node),
                ADDRESS,
                directory.resolve("data"),
                wal,
                Files.createDirectories(directory.resolve("state")),
                Files.createDirectories(directory.resolve("run")),
                new TlsFiles(directory.resolve("tls")));
    }
}
