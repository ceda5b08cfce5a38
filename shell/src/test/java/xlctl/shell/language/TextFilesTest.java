package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.text.TextFile;
import xlctl.topology.InvalidValueException;

class TextFilesTest {
    @TempDir private Path directory;
    private TextFiles files;

    @BeforeEach
    void openDirectory() {
        files = TextFiles.below(directory);
    }

    @Test
    void readsTextFromADirectory() throws IOException {
        Files.writeString(directory.resolve("extra"), "größe = 1\n");

        assertThat(files.read("extra")).isEqualTo("größe = 1\n");
        assertThat(files.read(directory.resolve("extra").toString())).isEqualTo("größe = 1\n");
    }

    @Test
    void namesAFileThatIsNotThere() {
        refuses(
                "missing",
                "the file \"missing\" cannot be read: there is no such file in " + directory);
    }

    @Test
    void refusesADirectory() {
        refuses(".", "it is a directory");
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        Files.write(directory.resolve("latin1"), new byte[] {'a', (byte) 0xe4, '\n'});
        Files.write(directory.resolve("zero"), new byte[] {'a', 0, '\n'});

        refuses("latin1", "it is not UTF-8 text");
        refuses("zero", "it has a zero byte in it");
    }

    @Test
    void refusesAByteOrderMarkWhichIsNotSeen() throws IOException {
        Files.writeString(directory.resolve("marked"), "\uFEFFwork_mem = 8MB\n");

        refuses("marked", "byte order mark");
    }

    @Test
    void doesNotLookForAnAbsoluteNameInItsDirectory() {
        refuses("/no/such", "\"/no/such\" cannot be read: there is no such file");
    }

    @Test
    void refusesAFileThatIsTooLarge() throws IOException {
        Files.write(directory.resolve("most"), new byte[TextFile.MOST_BYTES]);
        Files.write(directory.resolve("large"), new byte[TextFile.MOST_BYTES + 1]);

        refuses("large", "it is larger than 1 MB");
        refuses("most", "it has a zero byte in it");
    }

    private void refuses(String name, String why) {
        assertThatThrownBy(() -> files.read(name))
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(why);
    }
}
