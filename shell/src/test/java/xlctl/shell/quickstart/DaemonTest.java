package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DaemonTest {
    @TempDir private Path directory;

    @Test
    void itsLastWordsAreLinesOfItsLogWithoutStackTraces() throws IOException {
        Path log = directory.resolve("agent.log");
        Files.write(
                log,
                List.of(
                        "first",
                        "SEVERE: it ended",
                        "java.io.IOException: no",
                        "\tat x.Y.z(Y.java:1)",
                        ""));

        assertThat(new Daemon("agent", directory, log, List.of()).lastWords())
                .isEqualTo(
                        "see "
                                + log
                                + ", which ends with\n  first\n  SEVERE: it ended\n"
                                + "  java.io.IOException: no");
    }

    @Test
    void aLogThatIsNotTextHasLastWordsToo() throws IOException {
        Path log = Files.write(directory.resolve("agent.log"), new byte[] {(byte) 0xff, 'x'});

        assertThat(new Daemon("agent", directory, log, List.of()).lastWords()).endsWith("x");
    }

    @Test
    void isKnownByItsCommandLineWhereItsMarkWasCutShort() throws Exception {
        String word = "60." + ProcessHandle.current().pid();
        for (String mark : List.of("", "{\"pid\":1")) {
            Files.writeString(directory.resolve("agent.json"), mark);
            assertThat(daemon(word).running()).isFalse();

            Process process = new ProcessBuilder("sleep", word).start();
            try {
                assertThat(daemon(word).running()).isTrue();

                daemon(word).stop(Duration.ofSeconds(20));

                assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
                assertThat(directory.resolve("agent.json")).doesNotExist();
            } finally {
                process.destroyForcibly();
            }
        }
    }

    private Daemon daemon(String word) {
        return new Daemon("agent", directory, directory.resolve("agent.log"), List.of(word));
    }
}
