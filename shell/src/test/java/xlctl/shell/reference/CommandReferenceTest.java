package xlctl.shell.reference;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandReferenceTest {
    @Test
    void theCommittedReferenceIsWhatTheTableSays() throws IOException {
        Path committed = Path.of("..", "docs", "commands.md");

        assertThat(Files.readString(committed))
                .as("write it again: xlctl.shell.reference.CommandReference docs/commands.md")
                .isEqualTo(CommandReference.text());
    }
}
