package xlctl.shell.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordTest {
    @ParameterizedTest
    @ValueSource(strings = {"/a/b-1.c", "/a b", "/it's", "/\"q\" $HOME `id` \\x", "/ü*?;&|"})
    void isTheSamePathAfterAShellHasReadIt(String path) {
        String word = ShellWord.of(Path.of(path));

        assertThat(ExternalProgram.run(List.of("bash", "-c", "printf %s " + word)))
                .isEqualTo(new ExternalProgram.Result(0, path));
    }

    @Test
    void leavesAPlainPathAsItIs() {
        assertThat(ShellWord.of(Path.of("/var/lib/xlctl"))).isEqualTo("/var/lib/xlctl");
    }
}
