package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.json.JsonTree;
import xlctl.shell.language.Help;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.topology.NodeKind;

/** What commands write where no terminal is. */
class OutputTest {
    @TempDir private Path home;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Map<String, String> environment = new HashMap<>();

    static Stream<List<String>> commands() {
        return Help.entries().stream()
                .map(entry -> List.of(entry.example().replace("'", "").split(" ")))
                // These run a program of their own, or ask Docker of this machine.
                .filter(words -> !words.get(0).equals("psql") && !words.get(0).equals("swarm"));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void hasNoControlCharacters(List<String> words) {
        environment.put("TERM", "xterm-256color");

        run(words);

        assertThat(out + "" + err).doesNotContainPattern("[\\p{Cntrl}&&[^\n]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitor all", "status", "host list", "host matrix", "operation list"})
    void exitsAlikeInEveryFormat(String command) {
        int exit = run(words(command));
        String text = out.toString(UTF_8);

        for (String format : List.of("json", "yaml", "tsv")) {
            assertThat(run(words(command + " --output " + format))).isEqualTo(exit);
            String onCommand = out.toString(UTF_8);
            assertThat(onCommand).isNotEqualTo(text);
            assertThat(run(words("--output " + format + " " + command))).isEqualTo(exit);
            assertThat(out).hasToString(onCommand);
        }
    }

    @Test
    void hasTheWarningsInTheDocument() {
        assertThat(run(words("monitor all --output json"))).isEqualTo(1);

        assertThat(err).hasToString("");
        JsonTree monitor = JsonTree.read(out.toString(UTF_8), "it");
        assertThat(monitor.isTrue("healthy")).isFalse();
        assertThat(monitor.list("members").get(1).texts("warnings"))
                .containsExactly("it is down since noon: its process ended with status 1");
    }

    @Test
    void saysWhatIsRefusedOnStandardErrorInEveryFormat() {
        assertThat(run(words("show config nobody --output json"))).isEqualTo(4);

        assertThat(out).hasToString("");
        assertThat(err.toString(UTF_8)).contains("there is no node nobody");
    }

    @Test
    void showsPlansInTheFormatOfTheProgram() {
        assertThat(run(words("--output json --dry-run kill all"))).isZero();

        assertThat(JsonTree.read(out.toString(UTF_8), "it").text("kind")).contains("plans");
    }

    @Test
    void takesTheWordOnTheCommandBeforeTheOptionAndThatBeforeTheVariable() {
        environment.put("XLCTL_OUTPUT", "yaml");

        run(words("host list"));
        assertThat(out.toString(UTF_8)).startsWith("---\n");
        run(words("--output tsv host list"));
        assertThat(out.toString(UTF_8)).startsWith("host\tagent\t");
        run(words("--output tsv host list --output json"));
        assertThat(out.toString(UTF_8)).startsWith("{\n");
    }

    @Test
    void namesTheFormatsThereAreWhenOneIsNone() {
        assertThat(run(words("--output xml status"))).isEqualTo(2);
        assertThat(err)
                .hasToString("xlctl: --output: \"xml\" is not a format: text, json, yaml, tsv\n");
        assertThat(run(words("status --output xml"))).isEqualTo(2);
        assertThat(err.toString(UTF_8))
                .contains("expected \"text\", \"json\", \"yaml\" or \"tsv\", found \"xml\"");
    }

    @Test
    void isAsWideAsColumnsSays() {
        environment.put("COLUMNS", "200");
        run(words("status"));
        assertThat(out.toString(UTF_8)).contains("SINCE");

        environment.put("COLUMNS", "70");
        run(words("status"));
        assertThat(out.toString(UTF_8)).doesNotContain("SINCE").contains("CATALOG");
    }

    private static List<String> words(String text) {
        return List.of(text.split(" "));
    }

    private int run(List<String> words) {
        out.reset();
        err.reset();
        environment.put("XLCTL_HOME", home.toString());
        environment.put("XLCTL_CLUSTER", "c");
        FakeCluster cluster = new FakeCluster();
        cluster.view =
                Clusters.of(
                        Clusters.up(NodeKind.GTM, "gtm_m_1", "127.0.1.1"),
                        Clusters.down(NodeKind.COORDINATOR, "coord_m_1", "127.0.1.2"),
                        Clusters.up(NodeKind.DATANODE, "data_m_1", "127.0.1.3"));
        Program program =
                new Program(
                        environment,
                        new ByteArrayInputStream(new byte[0]),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> cluster,
                        new Interruption());
        return program.run(words.toArray(String[]::new));
    }
}
