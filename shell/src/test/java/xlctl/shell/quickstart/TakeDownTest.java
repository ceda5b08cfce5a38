package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakeDownTest {
    @TempDir private Path directory;
    private final List<Process> started = new ArrayList<>();
    private Layout layout;

    @BeforeEach
    void makeDirectories() throws IOException {
        layout = new Layout(directory.toRealPath().resolve("home"));
        Files.createDirectories(layout.agents());
        Files.createDirectories(layout.processes());
    }

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void endsTheServersButNotWhoStandsInTheirDirectories() throws IOException {
        Process server = start("postgres", layout.agents());
        Process gtm = start("gtm", layout.agents());
        Process proxy = start("gtm_proxy", layout.agents());
        Process shell = start("bash", layout.agents());

        takeDown();

        assertThat(List.of(server, gtm, proxy)).noneMatch(Process::isAlive);
        assertThat(shell.isAlive()).isTrue();
        assertThat(layout.machinery()).doesNotExist();
    }

    @Test
    void leavesServersOfOthersAlone() throws IOException {
        Process server = start("postgres", directory);

        takeDown();

        assertThat(server.isAlive()).isTrue();
    }

    @Test
    void endsServersWhoseProgramWasReplaced() throws IOException {
        Process server = start("postgres", layout.agents());
        Files.delete(directory.resolve("bin/postgres"));

        takeDown();

        assertThat(server.isAlive()).isFalse();
    }

    private void takeDown() {
        new TakeDown(layout, new PrintWriter(Writer.nullWriter()))
                .run(
                        List.of(),
                        new Daemon(
                                "zookeeper",
                                layout.processes(),
                                layout.zooKeeper(),
                                List.of("--data", layout.zooKeeper().toString())));
    }

    private Process start(String name, Path where) throws IOException {
        Path program = Files.createDirectories(directory.resolve("bin")).resolve(name);
        Files.copy(Path.of("/bin/sleep"), program);
        Process process =
                new ProcessBuilder(program.toString(), "60").directory(where.toFile()).start();
        started.add(process);
        return process;
    }
}
