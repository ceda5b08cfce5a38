package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a reader pastes: the fenced blocks of README.md that are named for tests. */
final class Readme {
    private Readme() {}

    /** The text of the block that begins with {@code ```bash NAME}. */
    static String block(String name) throws IOException {
        Path file = QuickstartCluster.PROGRAM.resolve("../../README.md").normalize();
        Matcher block =
                Pattern.compile(
                                "^```bash " + name + "\n(.*?)^```$",
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(file));
        assertThat(block.find()).as("a block ```bash %s in %s", name, file).isTrue();
        return block.group(1);
    }
}
