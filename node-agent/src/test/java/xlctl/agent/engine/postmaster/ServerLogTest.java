package xlctl.agent.engine.postmaster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ServerLogTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final String REDIRECTED =
            """
            LOG:  redirecting log output to logging collector process
            HINT:  Future log output will appear in directory "log".
            """;

    @TempDir private Path directory;
    private Path output;
    private Path logs;

    @BeforeEach
    void places() throws IOException {
        output = directory.resolve("server.out");
        logs = Files.createDirectory(directory.resolve("log"));
    }

    @Test
    void areTheLastFourLinesOfWhatWasWrittenLast() throws IOException {
        write(output, "of the start\n", START);
        write(logs.resolve("1.log"), "old\n", START.plusSeconds(1));
        write(logs.resolve("2.log"), "1\n2\n3\n\n4\n5\n", START.plusSeconds(2));

        assertThat(words()).isEqualTo("2 | 3 | 4 | 5");
    }

    @Test
    void areThoseOfTheLogWhereBothAreAsOld() throws IOException {
        write(output, REDIRECTED, START);
        write(logs.resolve("1.log"), "of the log\n", START);

        assertThat(words()).isEqualTo("of the log");
    }

    @Test
    void areOnesThatTheLogGetsOnlyAfterTheServerEnded() throws IOException {
        write(logs.resolve("1.log"), "of yesterday\n", START.minusSeconds(86_400));
        write(output, REDIRECTED, START);

        assertThat(
                        wordsWhile(
                                () -> {},
                                () ->
                                        write(
                                                logs.resolve("1.log"),
                                                "starting\n",
                                                START.plusSeconds(1)),
                                () ->
                                        write(
                                                logs.resolve("1.log"),
                                                "starting\nof the end\n",
                                                START.plusSeconds(2))))
                .isEqualTo("starting | of the end");
    }

    @Test
    void areThatTheyAreElsewhereWhereNothingComes() throws IOException {
        write(output, REDIRECTED, START);

        assertThat(words()).contains("Future log output");
    }

    @Test
    void areThoseOfAServerThatEndedBeforeItHadALog() throws IOException {
        write(logs.resolve("1.log"), "of yesterday\n", START.minusSeconds(86_400));
        write(output, REDIRECTED + "FATAL:  no memory\n", START);

        assertThat(words()).endsWith("FATAL:  no memory");
    }

    @Test
    void areNoneWhereNothingWasWritten() {
        assertThat(words()).isEmpty();
    }

    private String words() {
        return wordsWhile();
    }

    /** One thing happens at each pause. */
    private String wordsWhile(Runnable... happening) {
        Iterator<Runnable> next = List.of(happening).iterator();
        return ServerLog.lastWords(
                output,
                logs,
                () -> {
                    if (next.hasNext()) {
                        next.next().run();
                    }
                });
    }

    private static void write(Path file, String text, Instant at) {
        try {
            Files.writeString(file, text);
            Files.setLastModifiedTime(file, FileTime.from(at));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
