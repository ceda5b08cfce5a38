package xlctl.shell.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.script.Interpreter.Mode;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;

/** What is done for the statements that are about databases, roles, tables and clients. */
class SqlStatementsRunTest {
    private final RecordingConsole console = new RecordingConsole();
    private final FakeCluster cluster = new FakeCluster();

    @TempDir Path home;

    @Test
    void aPasswordIsAskedForTwiceAndShownNowhere() {
        console.secrets.addAll(List.of("hunter2", "hunter2"));

        assertThat(run(Mode.STOP_AT_FAILURE, "createuser alice --createdb"))
                .isEqualTo(ExitCode.DONE);

        assertThat(cluster.asked).containsExactly("[Createuser alice --createdb]");
        assertThat(console.printed.toString() + console.reported).doesNotContain("hunter2");
    }

    @Test
    void twoDifferentPasswordsMakeNoUser() {
        console.secrets.addAll(List.of("hunter2", "hunter3"));

        assertThat(run(Mode.STOP_AT_FAILURE, "createuser alice")).isEqualTo(ExitCode.MALFORMED);

        assertThat(cluster.asked).isEmpty();
        assertThat(console.reported.toString()).doesNotContain("hunter").contains("two passwords");
    }

    @Test
    void whereNobodyCanBeAskedAPasswordFileIsNeeded() {
        assertThat(run(Mode.STOP_AT_FAILURE, "createuser alice")).isEqualTo(ExitCode.MALFORMED);

        assertThat(console.reported.toString()).contains("--password-file FILE");
    }

    @Test
    void aDryRunAsksForNoPassword() {
        assertThat(run(Mode.DRY_RUN, "createuser alice")).isEqualTo(ExitCode.DONE);

        assertThat(cluster.asked).containsExactly("plan [Createuser alice]");
    }

    @Test
    void tablesOfADatanodeAreShownInPgxcCtlsColumnsAndMore() {
        assertThat(run(Mode.STOP_AT_FAILURE, "show resource datanode d1 shop alice"))
                .isEqualTo(ExitCode.DONE);

        assertThat(cluster.asked).containsExactly("tables d1 shop alice");
        assertThat(console.printed)
                .containsExactly(
                        "schema  relation  distribution  attname  nodename  partitions  rows   size",
                        "public  m         Hash          id       d1        11          33400  2930 kB");
    }

    @Test
    void psqlWithoutACoordinatorThatRunsIsNotStarted() {
        assertThat(run(Mode.STOP_AT_FAILURE, "psql -c 'SELECT 1'")).isEqualTo(ExitCode.UNREACHABLE);

        assertThat(console.reported.toString()).contains("no coordinator runs");
    }

    @Test
    void psqlOnWhatIsNoCoordinatorIsRefusedWithThoseThereAre() {
        assertThat(run(Mode.STOP_AT_FAILURE, "psql - d1")).isEqualTo(ExitCode.REFUSED);

        assertThat(console.reported.toString())
                .contains("d1 is not a coordinator", "coord_m_1, coord_m_2");
    }

    private ExitCode run(Mode mode, String script) {
        Settings settings = Settings.read(new Home(home), Map.of("XLCTL_CLUSTER", "c"), Map.of());
        Parser parser = new Parser(TextFiles.below(home));
        try (Interpreter interpreter = new Interpreter(settings, console, mode, () -> cluster)) {
            return interpreter.run(
                    Script.read(script.getBytes(StandardCharsets.UTF_8), "s", parser).items());
        }
    }
}
