package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;

class LogEndsTest {
    @TempDir Path directory;

    @Test
    void aShortLogIsThereAsAWhole() throws IOException {
        Reply.LogEnd end = end("one\ntwo\n", 100);

        assertThat(end).isEqualTo(new Reply.LogEnd("agent", "agent.log", 8, "one\ntwo\n"));
    }

    @Test
    void aLongOneBeginsWithAWholeLine() throws IOException {
        Reply.LogEnd end = end("password=secret\ntwo\n", 8);

        assertThat(end.text()).isEqualTo("two\n");
        assertThat(end.size()).isEqualTo(20);
    }

    @Test
    void ofALineThatIsLongerThanMayBeNothingIsThere() throws IOException {
        assertThat(end("x".repeat(50), 10).text()).isEmpty();
    }

    private Reply.LogEnd end(String text, int bytes) throws IOException {
        Path file = Files.writeString(directory.resolve("agent.log"), text);
        return LogEnds.end("agent", file, bytes);
    }
}
