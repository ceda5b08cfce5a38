package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnprivilegedUserTest {
    @Test
    void saysThatAFileInTheWayIsNoDirectory() {
        UnprivilegedUser user = UnprivilegedUser.of("nobody");

        assertThatThrownBy(() -> user.requireReachable(Path.of("/etc/passwd/below"), "--dir"))
                .isInstanceOf(QuickstartException.class)
                .hasMessageStartingWith("/etc/passwd is not a directory");
    }
}
