package xlctl.shell.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.controller.ExitCode;
import xlctl.monitor.HostLogs;
import xlctl.shell.language.Statement;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.store.StoreException;
import xlctl.topology.HostName;

/** {@code report} with its file. */
class ReportStatementsTest {
    @TempDir Path directory;
    private final RecordingConsole console = new RecordingConsole();
    private final FakeCluster cluster = new FakeCluster();

    @Test
    void aReportIsAFileForItsOwnerAlone() throws IOException {
        assertThat(run(() -> cluster)).isEqualTo(ExitCode.DONE);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
                .isEqualTo("rw-------");
        assertThat(read())
                .containsKeys(
                        "xlctl-report/versions.txt",
                        "xlctl-report/settings.json",
                        "xlctl-report/status.json",
                        "xlctl-report/topology.json",
                        "xlctl-report/hosts.json",
                        "xlctl-report/operations.json",
                        "xlctl-report/README.txt");
    }

    @Test
    void aFileThatIsThereIsNotWrittenOver() throws IOException {
        Files.writeString(file(), "something dear");

        assertThat(run(() -> cluster)).isEqualTo(ExitCode.REFUSED);

        assertThat(file()).hasContent("something dear");
    }

    @Test
    void whatIsSecretInLogsIsUnreadable() throws IOException {
        cluster.logs =
                List.of(
                        new HostLogs(
                                new HostName("h1"),
                                List.of(
                                        new Reply.LogEnd(
                                                "agent",
                                                "agent.log",
                                                9_000,
                                                "a hidden password='unknown'")),
                                List.of("the log of another")));

        run(() -> cluster);

        assertThat(read())
                .containsEntry(
                        "xlctl-report/logs/h1/agent/agent.log", "a ******** password=********");
        assertThat(read().get("xlctl-report/README.txt")).contains("host h1: the log of another");
    }

    @Test
    void withoutZooKeeperItSaysWhatIsMissing() throws IOException {
        assertThat(
                        run(
                                () -> {
                                    throw new StoreException.Unreachable("nobody answers", null);
                                }))
                .isEqualTo(ExitCode.DONE);

        assertThat(read())
                .containsKeys("xlctl-report/versions.txt", "xlctl-report/settings.json")
                .doesNotContainKey("xlctl-report/status.json");
        assertThat(console.reported)
                .anyMatch(
                        line ->
                                line.contains("not in it: everything of the cluster, and all logs")
                                        && line.contains("nobody answers"));
    }

    private Path file() {
        return directory.resolve("report.zip");
    }

    private Map<String, String> read() throws IOException {
        Map<String, String> texts = new HashMap<>();
        try (ZipFile zip = new ZipFile(file().toFile())) {
            for (ZipEntry entry : zip.stream().toArray(ZipEntry[]::new)) {
                try (InputStream in = zip.getInputStream(entry)) {
                    texts.put(
                            entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                }
            }
        }
        return texts;
    }

    private ExitCode run(Supplier<ClusterControl> connect) {
        Settings settings =
                Settings.read(
                        Home.find(Optional.of(directory.toString()), Map.of()),
                        Map.of("XLCTL_CLUSTER", "postgresql-1"),
                        Map.of());
        try (Interpreter interpreter =
                new Interpreter(settings, console, Interpreter.Mode.STOP_AT_FAILURE, connect)) {
            return interpreter.run(List.of(new Item("here", new Statement.WriteReport(file()))));
        }
    }
}
