package xlctl.agent.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a program that does nothing in the place of a server. */
class ServerProcessesTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @TempDir Path directory;
    private final List<Long> signalled = new ArrayList<>();
    private final ServerProcesses processes =
            new ServerProcesses((signal, pid) -> signalled.add(pid));
    private ServerCommand command;

    @BeforeEach
    void writeCommand() throws IOException {
        directory = directory.toRealPath();
        command = sleep(directory);
    }

    @AfterEach
    void endAll() throws InterruptedException {
        assertThat(processes.kill(command, Optional.empty(), LONG)).isEmpty();
    }

    @Test
    void startsAServerInASessionOfItsOwnWithNothingOfTheAgentsEnvironment() throws Exception {
        ProcessIdentity server = processes.start(command);

        await().until(() -> processes.pids(command).contains(server.pid()));
        Path proc = Path.of("/proc", Long.toString(server.pid()));
        String stat = Files.readString(proc.resolve("stat"));
        String session = stat.substring(stat.lastIndexOf(')') + 2).split(" ")[3];
        assertThat(session).isEqualTo(Long.toString(server.pid()));
        assertThat(Files.readString(proc.resolve("environ"))).isEqualTo("GREETING=hello\0");
        assertThat(Files.readSymbolicLink(proc.resolve("fd/0"))).hasToString("/dev/null");
        assertThat(Files.readSymbolicLink(proc.resolve("fd/1"))).isEqualTo(command.output());
        assertThat(Files.readSymbolicLink(proc.resolve("fd/2"))).isEqualTo(command.output());
    }

    @Test
    void findsAServerAgainByWhatWasRememberedOrByItsOwnClaim() throws Exception {
        ProcessIdentity server = processes.start(command);
        await().until(() -> processes.pids(command).contains(server.pid()));

        assertThat(processes.find(command, Optional.of(server), Optional.empty())).contains(server);
        assertThat(processes.find(command, Optional.empty(), Optional.of(server.pid())))
                .contains(server);
        assertThat(processes.find(command, Optional.empty(), Optional.empty())).isEmpty();
    }

    @Test
    void takesNoOtherProcessWithTheSameNumberForTheServer() throws Exception {
        ProcessIdentity server = processes.start(command);
        ProcessIdentity earlier =
                new ProcessIdentity(server.pid(), server.startTicks() - 1, server.boot());
        ProcessIdentity beforeBoot =
                new ProcessIdentity(server.pid(), server.startTicks(), "another boot");

        assertThat(processes.alive(server)).isTrue();
        assertThat(processes.alive(earlier)).isFalse();
        assertThat(processes.alive(beforeBoot)).isFalse();
        processes.stop(command, earlier, Signal.TERM, Duration.ZERO);
        assertThat(signalled).isEmpty();
    }

    @Test
    void believesNoClaimOfAProcessElsewhere(@TempDir Path elsewhere) throws Exception {
        ServerCommand other = sleep(elsewhere.toRealPath());
        ProcessIdentity foreign = processes.start(other);
        try {
            await().until(() -> processes.pids(other).contains(foreign.pid()));

            assertThat(processes.find(command, Optional.empty(), Optional.of(foreign.pid())))
                    .isEmpty();
            assertThat(processes.kill(command, Optional.empty(), LONG)).isEmpty();
            assertThat(processes.alive(foreign)).isTrue();
        } finally {
            assertThat(processes.kill(other, Optional.of(foreign), LONG)).isEmpty();
        }
    }

    @Test
    void leavesOtherProgramsInTheDataDirectoryAlone() throws Exception {
        Process visitor =
                new ProcessBuilder("/usr/bin/tail", "-f", "/dev/null")
                        .directory(directory.toFile())
                        .start();
        try {
            assertThat(processes.pids(command)).isEmpty();
            assertThat(processes.kill(command, Optional.empty(), LONG)).isEmpty();
            assertThat(visitor.isAlive()).isTrue();
        } finally {
            visitor.destroyForcibly();
        }
    }

    @Test
    void namesWhatStillRunsWhenTheTimeIsOver() throws Exception {
        ProcessIdentity server = processes.start(command);
        await().until(() -> processes.pids(command).contains(server.pid()));

        assertThat(processes.stop(command, server, Signal.TERM, Duration.ofMillis(50)))
                .containsExactly(server.pid());
        assertThat(signalled).containsExactly(server.pid());
    }

    @Test
    void killsEveryProcessOfTheServer() throws Exception {
        ProcessIdentity first = processes.start(command);
        ProcessIdentity orphan = processes.start(command);
        await().until(() -> processes.pids(command).size() == 2);

        assertThat(processes.kill(command, Optional.of(first), LONG)).isEmpty();
        assertThat(processes.alive(first)).isFalse();
        assertThat(processes.alive(orphan)).isFalse();
    }

    private static ServerCommand sleep(Path directory) {
        return new ServerCommand(
                List.of("/usr/bin/sleep", "600"),
                Map.of("GREETING", "hello"),
                directory,
                directory.resolve("out"));
    }
}
