package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EndlessLogsTest {
    private static final long LONGEST = 8;

    @TempDir Path directory;
    private Path log;
    private Path old;

    @BeforeEach
    void nameTheLogs() {
        log = directory.resolve("gtm.log");
        old = directory.resolve("gtm.old.log");
    }

    @Test
    void leavesAShortLogAlone() throws Exception {
        Files.writeString(log, "12345678");

        EndlessLogs.keepShort(log, LONGEST);

        assertThat(log).hasContent("12345678");
        assertThat(old).doesNotExist();
    }

    @Test
    void copiesALongOneInThePlaceOfItsLastCopyAndItsServerGoesOnAtTheBeginning() throws Exception {
        Files.writeString(old, "the copy before");
        try (OutputStream server =
                Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            write(server, "123456789");
            Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-------"));

            EndlessLogs.keepShort(log, LONGEST);
            write(server, "abc");
        }

        assertThat(log).hasContent("abc");
        assertThat(old).hasContent("123456789");
        assertThat(Files.getPosixFilePermissions(old))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void losesNothingWhenItCannotCopy() throws Exception {
        Files.writeString(log, "123456789");
        Files.createDirectories(old.resolve("in the way"));

        assertThatThrownBy(() -> EndlessLogs.keepShort(log, LONGEST))
                .isInstanceOf(IOException.class);

        assertThat(log).hasContent("123456789");
    }

    @Test
    void waitsForALogThatIsNotThereYet() throws Exception {
        EndlessLogs.keepShort(log, LONGEST);

        assertThat(directory).isEmptyDirectory();
    }

    private static void write(OutputStream to, String text) throws IOException {
        to.write(text.getBytes(StandardCharsets.UTF_8));
        to.flush();
    }
}
