package xlctl.agent.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.config.AgentConfig.OnTerminate;
import xlctl.store.Identities;
import xlctl.store.IdentityFiles;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

class HostCheckTest {
    private static final int USER = 1000;

    @TempDir private Path directory;

    private AgentConfig config(String state, String root) throws IOException {
        return new AgentConfig(
                new ClusterName("c"),
                new HostName("127.0.0.1"),
                HostPort.parse("127.0.0.1:7422"),
                Optional.empty(),
                "127.0.0.1",
                directory.resolve(state),
                List.of(directory.resolve(root)),
                EngineKind.POSTGRESQL,
                Optional.empty(),
                "127.0.0.1:2181",
                directory.resolve("identity"),
                directory.resolve("keys"),
                OnTerminate.KEEP,
                Optional.empty(),
                List.of());
    }

    private void writeFiles(String identityMode) throws IOException {
        Files.writeString(directory.resolve("keys"), "");
        Path identity = directory.resolve("identity");
        IdentityFiles.write(identity, Identities.generate(new ClusterName("c")).agent());
        Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString(identityMode));
    }

    @Test
    void makesTheDirectoriesForItselfAlone() throws IOException {
        writeFiles("rw-------");

        assertThat(HostCheck.prepare(config("a/state", "a/data"), USER)).isEmpty();

        assertThat(Files.getPosixFilePermissions(directory.resolve("a/state")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        assertThat(directory.resolve("a/data")).isDirectory();
    }

    @Test
    void refusesRootAndMakesNothing() throws IOException {
        assertThat(HostCheck.prepare(config("state", "data"), 0))
                .containsExactly(
                        Problem.of(
                                "PostgreSQL refuses to run as root",
                                "run the agent as an unprivileged user"));
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void saysEverythingThatStandsInTheWay() throws IOException {
        Files.writeString(directory.resolve("file"), "");

        assertThat(HostCheck.prepare(config("file", "file/below"), USER))
                .extracting(Problem::what)
                .satisfiesExactly(
                        p -> assertThat(p).startsWith("state: ").contains("/file "),
                        p -> assertThat(p).startsWith("data-roots: ").contains("/file/below "),
                        p -> assertThat(p).startsWith("authorized-keys: ").contains("not there"),
                        p ->
                                assertThat(p)
                                        .startsWith("zookeeper-identity: ")
                                        .contains("not there"));
    }

    @Test
    void refusesAnIdentityThatOthersMayReadOrThatIsNone() throws IOException {
        writeFiles("rw-r-----");
        Path identity = directory.resolve("identity");

        assertThat(HostCheck.prepare(config("state", "data"), USER))
                .singleElement()
                .satisfies(p -> assertThat(p.what()).contains("chmod 600 " + identity));

        Files.setPosixFilePermissions(identity, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(identity, "user: agent\n");
        assertThat(HostCheck.prepare(config("state", "data"), USER))
                .singleElement()
                .satisfies(p -> assertThat(p.what()).contains(identity.toString(), "password"));
    }
}
