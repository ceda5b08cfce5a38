package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The words that both programs' launchers begin with. */
class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "bin", "launch.bash").toAbsolutePath();

    /** A JVM would read its own class library as a script from standard input. */
    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "2"})
    void opensAStandardStreamThatIsClosed(String stream) throws Exception {
        String tellOn = stream.equals("1") ? "2" : "1";
        String script =
                "exec "
                        + stream
                        + ">&-; . \"$0\"; opened=$(readlink /proc/$$/fd/"
                        + stream
                        + "); echo \"$opened\" >&"
                        + tellOn;
        Process bash =
                new ProcessBuilder("bash", "-c", script, LAUNCHER.toString())
                        .redirectErrorStream(true)
                        .start();

        assertThat(new String(bash.getInputStream().readAllBytes(), UTF_8))
                .isEqualTo("/dev/null\n");
    }
}
