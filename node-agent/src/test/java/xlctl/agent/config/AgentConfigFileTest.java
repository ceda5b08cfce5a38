package xlctl.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.config.AgentConfig.OnTerminate;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.yaml.YamlException;

class AgentConfigFileTest {
    private static final String LEAST =
            """
            cluster: c1
            host: DB-1.example
            state: /var/lib/xlctl
            data-roots: [/srv/a, b]
            zookeeper: zk1:2181, zk2:2181
            zookeeper-identity: ../identity
            authorized-keys: keys
            """;

    @TempDir private Path directory;

    private AgentConfig read(String text) throws IOException {
        Path file = directory.resolve("agent.yaml");
        Files.writeString(file, text);
        return AgentConfigFile.read(file);
    }

    private List<String> problems(String text) {
        YamlException refused = catchThrowableOfType(YamlException.class, () -> read(text));
        String prefix = directory.resolve("agent.yaml") + ":";
        assertThat(refused.problems()).allSatisfy(line -> assertThat(line).startsWith(prefix));
        return refused.problems().stream().map(line -> line.substring(prefix.length())).toList();
    }

    @Test
    void fillsInWhatIsLeftOut() throws IOException {
        assertThat(read(LEAST))
                .isEqualTo(
                        new AgentConfig(
                                new ClusterName("c1"),
                                new HostName("db-1.example"),
                                HostPort.parse("db-1.example:7422"),
                                Optional.empty(),
                                "db-1.example",
                                Path.of("/var/lib/xlctl"),
                                List.of(Path.of("/srv/a"), directory.resolve("b")),
                                EngineKind.POSTGRESQL,
                                Optional.empty(),
                                "zk1:2181,zk2:2181",
                                directory.resolveSibling("identity"),
                                directory.resolve("keys"),
                                OnTerminate.KEEP,
                                Optional.empty(),
                                List.of()));
    }

    @Test
    void takesWhatIsSaid() throws IOException {
        AgentConfig config =
                read(
                        LEAST
                                + """
                                listen: 10.0.0.1:22
                                server-listen: "*"
                                engine: postgres-xl
                                engine-home: /opt/xl
                                on-terminate: stop
                                """);

        assertThat(config.listen()).isEqualTo(HostPort.parse("10.0.0.1:22"));
        assertThat(config.serverListen()).isEqualTo("*");
        assertThat(config.engine()).isEqualTo(EngineKind.POSTGRES_XL);
        assertThat(config.engineHome()).contains(Path.of("/opt/xl"));
        assertThat(config.onTerminate()).isEqualTo(OnTerminate.STOP);
    }

    @Test
    void takesANetworkToListenInAndAPlace() throws IOException {
        AgentConfig config = read(LEAST + "listen-network: 10.1.0.0/16\nplace: machine 7\n");

        assertThat(config.listenNetwork()).contains(new Cidr("10.1.0.0/16"));
        assertThat(config.listen()).isEqualTo(HostPort.parse("db-1.example:7422"));
        assertThat(config.place()).contains("machine 7");
    }

    @Test
    void listensAtAnAddressOrInANetworkButNotBoth() {
        assertThat(problems(LEAST + "listen: 10.1.0.1:7422\nlisten-network: 10.1.0.0/16\n"))
                .singleElement()
                .asString()
                .endsWith(
                        "listen-network: listen says already where the agent listens; leave one"
                                + " out");
    }

    @Test
    void aPlaceHasAName() {
        assertThat(problems(LEAST + "place: \" \"\n"))
                .singleElement()
                .asString()
                .endsWith("place: a place is the name of a machine");
    }

    @Test
    void namesEverythingThatIsMissing() {
        assertThat(problems("{}"))
                .hasSize(7)
                .allSatisfy(problem -> assertThat(problem).endsWith("is missing"));
    }

    @Test
    void saysEverythingThatIsWrongAtItsPlace() {
        assertThat(
                        problems(
                                """
                                cluster: Not_A_Label
                                hots: db-1
                                host: db-1
                                listen: db-1
                                server-listen: "a b"
                                state: x
                                data-roots: []
                                engine: mysql
                                zookeeper: zk1
                                zookeeper-identity: i
                                authorized-keys: k
                                on-terminate: maybe
                                """))
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("1:10: ").contains("Not_A_Label"),
                        p -> assertThat(p).startsWith("2:1: ").contains("hots", "host"),
                        p -> assertThat(p).startsWith("4:9: ").contains("HOST:PORT"),
                        p -> assertThat(p).startsWith("5:16: ").contains("a b"),
                        p -> assertThat(p).startsWith("7:13: ").contains("at least one"),
                        p -> assertThat(p).startsWith("8:9: ").contains("mysql", "postgresql"),
                        p -> assertThat(p).startsWith("9:12: ").contains("HOST:PORT"),
                        p -> assertThat(p).startsWith("12:15: ").contains("keep", "stop"));
    }

    @Test
    void tellsAFileThatIsNotThere() {
        Assertions.assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> AgentConfigFile.read(directory.resolve("none.yaml")));
    }

    @Test
    void readsTheSampleWithEveryKeyInIt() throws IOException {
        Path sample = Path.of("..", "examples", "agent.yaml").toAbsolutePath().normalize();

        AgentConfig config = AgentConfigFile.read(sample);

        assertThat(config.cluster()).isEqualTo(new ClusterName("postgresql-1"));
        assertThat(config.dataRoots()).containsExactly(sample.resolveSibling("agent/data"));
        String text = Files.readString(sample);
        assertThat(
                        List.of(
                                "cluster",
                                "host",
                                "listen",
                                "server-listen",
                                "state",
                                "data-roots",
                                "engine",
                                "engine-home",
                                "zookeeper",
                                "zookeeper-identity",
                                "authorized-keys",
                                "on-terminate"))
                .allSatisfy(key -> assertThat(text).containsPattern("(?m)^" + key + ":"));
    }
}
