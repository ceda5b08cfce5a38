package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.shell.script.FakeCluster;
import xlctl.text.FileSizeLimit;

/** What writes files where no more than the beginning of one can be written. */
class FullDiskTest {
    @TempDir private Path directory;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @AfterEach
    void makeSpace() {
        FileSizeLimit.lift();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "backup FILE",
                "report FILE",
                "access FILE",
                "completion --install FILE",
                "home FILE --cluster c --zookeeper 127.0.0.1:2181"
            })
    void nothingHalfWrittenIsLeft(String command) {
        FileSizeLimit.set(16);

        int exit = run(command);

        FileSizeLimit.lift();
        assertThat(exit).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .contains(
                        command.split(" ")[0] + ": ",
                        directory.resolve("file").toString(),
                        "file too large; nothing of it is left there: make space")
                .doesNotContain("Exception");
        assertThat(files()).isEmpty();
    }

    @Test
    void whatWasInstalledBeforeStays() throws IOException {
        assertThat(run("completion --install FILE")).isZero();
        List<Path> before = files();
        Path script = before.stream().filter(each -> each.endsWith("xlctl")).findFirst().get();
        Files.writeString(script, "an older one");

        FileSizeLimit.set(16);
        assertThat(run("completion --install FILE")).isEqualTo(1);
        FileSizeLimit.lift();

        assertThat(script).hasContent("an older one");
        assertThat(files()).isEqualTo(before);
    }

    private int run(String command) {
        String[] words = command.replace("FILE", directory.resolve("file").toString()).split(" ");
        return new Program(
                        Map.of("XLCTL_CLUSTER", "c", "XLCTL_HOME", "/nonexistent"),
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> new FakeCluster(),
                        new Interruption())
                .run(words);
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
