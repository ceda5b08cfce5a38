package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnprivilegedUserTest {
    @TempDir private Path directory;

    @Test
    void makesDirectoriesAndLeavesThoseThatAreThereAsTheyAre() throws IOException {
        Path there = Files.createDirectory(directory.resolve("there"));
        Files.setPosixFilePermissions(there, PosixFilePermissions.fromString("rwx------"));

        UnprivilegedUser.of("nobody").makeDirectories(there.resolve("one/two"));

        assertThat(there.resolve("one/two")).isDirectory();
        assertThat(Files.getPosixFilePermissions(there))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
    }

    @Test
    void saysThatAFileInTheWayIsNoDirectory() {
        UnprivilegedUser user = UnprivilegedUser.of("nobody");

        assertThatThrownBy(() -> user.requireReachable(Path.of("/etc/passwd/below"), "--dir"))
                .isInstanceOf(QuickstartException.class)
                .hasMessageStartingWith("/etc/passwd is not a directory");
    }
}
