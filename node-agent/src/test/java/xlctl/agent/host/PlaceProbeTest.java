package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.agent.host.TestHost.freePort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.engine.postgresql.PostgresqlEngine;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Problem;

class PlaceProbeTest {
    private static final String ADDRESS = "127.0.7.1";

    @TempDir Path directory;
    private AgentConfig config;
    private int port;

    @BeforeEach
    void findAPort() throws IOException {
        config = TestHost.config(directory, ADDRESS);
        port = freePort(ADDRESS);
    }

    @Test
    void takesAFreePlace() throws IOException {
        Files.createDirectories(root().resolve("empty"));

        assertThat(problems("data")).isEmpty();
        assertThat(problems("deep/er/data")).isEmpty();
        assertThat(problems("empty")).isEmpty();
        assertThat(problems(root().resolve("absolute").toString())).isEmpty();
    }

    @Test
    void refusesDirectoriesOutsideTheRoots() throws IOException {
        Path outside = Files.createDirectories(directory.resolve("outside"));
        Files.createSymbolicLink(root().resolve("link"), outside);

        assertThat(problems(outside + "/data"))
                .singleElement()
                .asString()
                .contains(outside + "/data", root().toString());
        assertThat(problems("link/data")).singleElement().asString().contains("really", "outside");
        assertThat(problems(root().toString())).singleElement().asString().contains("not inside");
    }

    @Test
    @DisplayName("D5: whether a directory is empty is seen on its own host")
    void namesWhatIsInADirectoryThatIsNotEmpty() throws IOException {
        Files.createDirectories(root().resolve("data/lost+found"));

        assertThat(problems("data")).singleElement().asString().contains("lost+found");
    }

    @Test
    void refusesAFileWhereADirectoryShouldBe() throws IOException {
        Files.writeString(root().resolve("data"), "");

        assertThat(problems("data")).anyMatch(what -> what.contains("is not a directory"));
    }

    @Test
    void refusesDirectoriesThatAnotherInstanceHas() throws IOException {
        Path taken = root().toRealPath().resolve("taken");
        InstanceRecord other =
                InstanceRecord.preparing(
                        spec("taken", Optional.empty(), ""), taken.toString(), Optional.empty(), 1);
        Files.createSymbolicLink(root().resolve("link"), root());

        for (String place : List.of("taken", "taken/below", "link/taken")) {
            assertThat(
                            probe(config)
                                    .problems(
                                            spec(place, Optional.empty(), ""),
                                            sockets(),
                                            List.of(other)))
                    .extracting(Problem::what)
                    .singleElement()
                    .asString()
                    .contains("data_m_1.1", taken.toString());
        }
    }

    @Test
    void refusesAWalDirectoryThatIsReallyInTheDataDirectory() throws IOException {
        Files.createSymbolicLink(root().resolve("link"), root());

        assertThat(problems(spec("data", Optional.of("link/data/wal"), "")))
                .singleElement()
                .asString()
                .contains("not apart");
    }

    @Test
    void saysWhoHasThePort() throws IOException {
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName(ADDRESS))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(problems("data"))
                    .singleElement()
                    .asString()
                    .contains(
                            Integer.toString(port),
                            "java",
                            Long.toString(ProcessHandle.current().pid()));
        }
    }

    @Test
    void refusesAnAddressThatIsNotOfThisHost() {
        AgentConfig elsewhere =
                new AgentConfig(
                        config.cluster(),
                        config.host(),
                        config.listen(),
                        config.listenNetwork(),
                        "192.0.2.1",
                        config.stateDirectory(),
                        config.dataRoots(),
                        config.engine(),
                        config.engineHome(),
                        config.zooKeeper(),
                        config.identityFile(),
                        config.authorizedKeys(),
                        config.onTerminate(),
                        config.place(),
                        List.of());

        assertThat(
                        probe(elsewhere)
                                .problems(spec("data", Optional.empty(), ""), sockets(), List.of()))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("cannot listen on 192.0.2.1");
    }

    @Test
    void refusesASocketPathThatTheKernelCannotTake() {
        Path far = directory.resolve("x".repeat(100));

        assertThat(probe(config).problems(spec("data", Optional.empty(), ""), far, List.of()))
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("107");
    }

    @Test
    void namesMissingProgramsAndHowToGetThem() throws IOException {
        Path home = Files.createDirectories(directory.resolve("home"));

        List<Problem> problems =
                new PlaceProbe(
                                config,
                                new PostgresqlEngine(Optional.of(home)),
                                new DataDirectories(config.dataRoots()))
                        .problems(spec("data", Optional.empty(), ""), sockets(), List.of());

        assertThat(problems)
                .extracting(Problem::what)
                .anyMatch(what -> what.contains(home.resolve("bin/initdb") + " is missing"));
        assertThat(problems)
                .extracting(Problem::remedy)
                .allMatch(how -> how.contains("postgresql"));
    }

    @Test
    void saysEverythingAtOnce() throws IOException {
        Files.createDirectories(root().resolve("data/old"));
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName(ADDRESS))) {
            assertThat(taken.isBound()).isTrue();
            assertThat(problems(spec("data", Optional.of("/elsewhere/wal"), "port = 1")))
                    .hasSize(4);
        }
    }

    private List<String> problems(String place) {
        return problems(spec(place, Optional.empty(), ""));
    }

    private List<String> problems(InstanceSpec spec) {
        return probe(config).problems(spec, sockets(), List.of()).stream()
                .map(Problem::what)
                .collect(Collectors.toList());
    }

    private static PlaceProbe probe(AgentConfig config) {
        return new PlaceProbe(
                config,
                new PostgresqlEngine(Optional.empty()),
                new DataDirectories(config.dataRoots()));
    }

    private Path root() {
        return config.dataRoots().get(0);
    }

    private Path sockets() {
        return config.stateDirectory().resolve("run");
    }

    private InstanceSpec spec(String place, Optional<String> wal, String configuration) {
        return new InstanceSpec(
                TestHost.CLUSTER,
                EngineKind.POSTGRESQL,
                NodeKind.DATANODE,
                new Instance(
                        InstanceName.parse("data_m_1.1"),
                        new HostName(ADDRESS),
                        new Port(port),
                        Optional.empty(),
                        new Directory(place),
                        wal.map(Directory::new)),
                Networks.HOSTS_ONLY,
                Optional.empty(),
                new OperatorFile("extra.conf", configuration),
                OperatorFile.NONE);
    }
}
