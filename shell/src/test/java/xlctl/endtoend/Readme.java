package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a reader pastes: the fenced blocks of README.md that are named for tests, and SQL. */
final class Readme {
    private Readme() {}

    /** All blocks of docs/sql.md that begin with {@code ```sql}, in one piece. */
    static String sql() throws IOException {
        String blocks =
                Pattern.compile("^```sql\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(file("docs/sql.md")))
                        .results()
                        .map(block -> block.group(1))
                        .collect(Collectors.joining());
        assertThat(blocks).isNotEmpty();
        return blocks;
    }

    private static Path file(String name) {
        return QuickstartCluster.PROGRAM.resolve("../../" + name).normalize();
    }

    /** The text of the block that begins with {@code ```bash NAME}. */
    static String block(String name) throws IOException {
        Path file = file("README.md");
        Matcher block =
                Pattern.compile(
                                "^```bash " + name + "\n(.*?)^```$",
                                Pattern.MULTILINE | Pattern.DOTALL)
                        .matcher(Files.readString(file));
        assertThat(block.find()).as("a block ```bash %s in %s", name, file).isTrue();
        return block.group(1);
    }
}
