package xlctl.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.agent.work.WorkingHost.COORD;
import static xlctl.agent.work.WorkingHost.start;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;

/** What the agent keeps on disk of the operations that it had a part in. */
@Timeout(30)
class OperationLedgerTest {
    @TempDir private Path directory;
    private WorkingHost host;

    @BeforeEach
    void open() throws IOException {
        host = new WorkingHost(directory);
    }

    @Test
    void keepsAStatedNumberOfOperationsAndTakesNoneThatIsOlder() throws IOException {
        for (int operation = 1; operation <= OperationLedger.KEPT + 2; operation++) {
            host.handle(start(operation, 1, 1, COORD));
        }
        int done = host.executed().size();

        try (var files = Files.list(directory.resolve("operations"))) {
            assertThat(files).hasSize(OperationLedger.KEPT);
        }
        host.reopen();
        assertThat(((Reply.Failed) host.handle(start(2, 9, 1, COORD))).kind())
                .isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(host.handle(start(3, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
        assertThat(host.executed()).hasSize(done);
    }

    @Test
    void doesNothingWhenTheAttemptCannotBeWrittenDown() throws IOException {
        Path operations = directory.resolve("operations");
        Files.delete(operations);
        Files.writeString(operations, "no directory");

        assertThat(host.handle(start(7, 1, 1, COORD)).toString())
                .contains("FAILED", "cannot write down", "7/1/1");
        assertThat(host.executed()).isEmpty();
    }

    @Test
    void neverTakesACorruptRecordForNone() throws IOException {
        host.handle(start(7, 1, 1, COORD));
        Path record = directory.resolve("operations/7.json");
        assertThat(Files.getPosixFilePermissions(record))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String whole = Files.readString(record);

        Files.writeString(record, whole.substring(0, whole.length() - 4));
        assertThatThrownBy(() -> host.reopen(Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(record.toString());

        Files.writeString(record, whole.replace("\"format\":1", "\"format\":2"));
        assertThatThrownBy(() -> host.reopen(Duration.ZERO))
                .hasMessageContaining(record.toString())
                .hasMessageContaining("format 2");
    }

    @Test
    void forgetsAWriteThatACrashCutShort() throws IOException {
        Reply first = host.handle(start(7, 1, 1, COORD));
        Files.writeString(directory.resolve("operations/7.json.new"), "{\"form");

        host.reopen();

        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(directory.resolve("operations/7.json.new")).doesNotExist();
    }
}
