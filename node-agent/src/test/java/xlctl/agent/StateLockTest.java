package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateLockTest {
    @TempDir private Path directory;

    @Test
    void keepsASecondAgentOutUntilTheFirstEnds() throws Exception {
        try (StateLock held = StateLock.take(directory)) {
            StartRefusedException refused =
                    catchThrowableOfType(
                            StartRefusedException.class, () -> StateLock.take(directory));

            assertThat(held).isNotNull();
            assertThat(refused.exitCode()).isEqualTo(4);
            assertThat(refused)
                    .hasMessageContaining("process " + ProcessHandle.current().pid())
                    .hasMessageContaining(directory.toString());
        }
        StateLock.take(directory).close();
    }
}
