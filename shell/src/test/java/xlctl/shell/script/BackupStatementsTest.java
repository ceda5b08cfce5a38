package xlctl.shell.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Statement;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;

/** {@code backup} and {@code restore} with their files. */
class BackupStatementsTest {
    @TempDir Path directory;
    private final RecordingConsole console = new RecordingConsole();
    private final FakeCluster cluster = new FakeCluster();

    @Test
    void aBackupIsAFileForItsOwnerAlone() throws IOException {
        assertThat(run(new Statement.WriteBackup(file()))).isEqualTo(ExitCode.DONE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(Files.readString(file())).contains("keep this file secret");
        assertThat(console.printed)
                .singleElement()
                .asString()
                .contains("topology version 7", "1 nodes");
        assertThat(console.reported).anyMatch(line -> line.contains("keep it secret"));
    }

    @Test
    void aFileThatIsThereIsNotWrittenOver() throws IOException {
        Files.writeString(file(), "something dear");

        assertThat(run(new Statement.WriteBackup(file()))).isEqualTo(ExitCode.REFUSED);

        assertThat(Files.readString(file())).isEqualTo("something dear");
    }

    @Test
    void whatWasWrittenIsPutBack() {
        run(new Statement.WriteBackup(file()));

        assertThat(run(new Statement.RestoreBackup(file(), true))).isEqualTo(ExitCode.DONE);

        assertThat(cluster.restored).hasSize(1);
        assertThat(cluster.restored.get(0).taken()).isEqualTo(Clusters.NOON);
        assertThat(console.reported).contains("Notice: older: true");
    }

    @Test
    void aDamagedFileIsNotPutBack() throws IOException {
        run(new Statement.WriteBackup(file()));
        String text = Files.readString(file());
        Files.writeString(file(), text.replace("data_m_1", "data_m_2"));

        assertThat(run(new Statement.RestoreBackup(file(), false))).isEqualTo(ExitCode.MALFORMED);

        assertThat(cluster.restored).isEmpty();
        assertThat(console.reported).anyMatch(line -> line.contains("is damaged"));
    }

    @Test
    void whatHasNoEndIsNotReadToItsEnd() {
        assertThat(run(new Statement.RestoreBackup(Path.of("/dev/zero"), false)))
                .isEqualTo(ExitCode.MALFORMED);

        assertThat(console.reported)
                .anyMatch(
                        line ->
                                line.contains(
                                        "/dev/zero cannot be read as a backup: it is larger than 8 MB"));
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(run(new Statement.RestoreBackup(file(), false))).isEqualTo(ExitCode.MALFORMED);

        assertThat(console.reported).anyMatch(line -> line.contains("there is no file " + file()));
    }

    private Path file() {
        return directory.resolve("cluster.backup");
    }

    private ExitCode run(Statement statement) {
        Settings settings =
                Settings.read(
                        Home.find(Optional.of(directory.toString()), Map.of()),
                        Map.of("XLCTL_CLUSTER", "postgresql-1"),
                        Map.of());
        try (Interpreter interpreter =
                new Interpreter(
                        settings, console, Interpreter.Mode.STOP_AT_FAILURE, () -> cluster)) {
            return interpreter.run(List.of(new Item("here", statement)));
        }
    }
}
