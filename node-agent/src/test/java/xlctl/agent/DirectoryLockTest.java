package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.config.AgentConfig;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

class DirectoryLockTest {
    @TempDir private Path directory;

    @Test
    void keepsASecondAgentOutOfAStateDirectoryUntilTheFirstEnds() throws Exception {
        try (DirectoryLock held = DirectoryLock.ofState(config("c1"))) {
            StartRefusedException refused =
                    catchThrowableOfType(
                            StartRefusedException.class, () -> DirectoryLock.ofState(config("c2")));

            assertThat(held).isNotNull();
            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining("of host db-1 in cluster c1")
                    .hasMessageContaining("the state directory " + directory);
        }
        DirectoryLock.ofState(config("c2")).close();
    }

    @Test
    void keepsASecondAgentOutOfADataRoot() throws Exception {
        try (DirectoryLock held = DirectoryLock.ofDataRoot(directory, config("c1"))) {
            assertThat(held).isNotNull();
            assertThat(
                            catchThrowableOfType(
                                    StartRefusedException.class,
                                    () -> DirectoryLock.ofDataRoot(directory, config("c2"))))
                    .hasMessageContaining("in cluster c1, works on the data root " + directory);
        }
    }

    @Test
    void saysToWhomTheDirectoryOfAnotherUserBelongs() throws Exception {
        Path lock = Files.createFile(directory.resolve(".xlctl-agent"));
        Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString("r--r--r--"));

        StartRefusedException refused =
                catchThrowableOfType(
                        StartRefusedException.class,
                        () -> DirectoryLock.ofDataRoot(directory, config("c1")));

        assertThat(refused.exitCode()).isEqualTo(4);
        assertThat(refused)
                .hasMessageContaining("the data root " + directory + " is another agent's: ")
                .hasMessageContaining(lock + " belongs to " + Files.getOwner(lock).getName());
    }

    private AgentConfig config(String cluster) {
        return new AgentConfig(
                new ClusterName(cluster),
                new HostName("db-1"),
                HostPort.parse("db-1:7422"),
                Optional.empty(),
                "db-1",
                directory,
                List.of(directory),
                EngineKind.POSTGRESQL,
                Optional.empty(),
                "127.0.0.1:2181",
                directory.resolve("identity"),
                directory.resolve("authorized_keys"),
                AgentConfig.OnTerminate.KEEP,
                Optional.empty(),
                List.of());
    }
}
