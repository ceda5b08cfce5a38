package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.topology.NodeKind;

class ProgramTest {
    @TempDir private Path home;
    private final FakeCluster cluster = new FakeCluster();
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void runsTheWordsOfOneCommand() {
        cluster.view = Clusters.of(Clusters.up(NodeKind.GTM, "gtm_m_1", "h"));

        assertThat(run("", "--cluster", "c", "monitor", "all")).isZero();
        assertThat(out).hasToString("Running: gtm master\n");
        assertThat(err).hasToString("");
        assertThat(cluster.closed).isTrue();
    }

    @Test
    void takesTheClusterOfTheHomesFile() throws IOException {
        Files.writeString(home.resolve("xlctl.yaml"), "cluster: c\n");

        assertThat(run("", "start", "all")).isZero();
        assertThat(out).hasToString("start all: done (operation 1)\n");
    }

    @Test
    void leavesOptionsAfterTheFirstWordToTheLanguage() {
        assertThat(run("", "--cluster", "c", "stop", "-m", "immediate", "all")).isZero();
        assertThat(cluster.asked).containsExactly("[stop -m immediate all]");
    }

    @Test
    void saysOfItsOwnOptionsAloneThatTheyStandBeforeTheWords() {
        String hint = ": the options of xlctl stand before the words";
        List<String> own =
                Program.commandLine(new Options(), new QuickstartCommand(Map.of(), words -> 0))
                        .getCommandSpec()
                        .optionsMap()
                        .keySet()
                        .stream()
                        .filter(name -> name.startsWith("--"))
                        .toList();

        assertThat(own)
                .isNotEmpty()
                .allSatisfy(option -> assertThat(complaint("start all " + option)).endsWith(hint));
        assertThat(complaint("start all --wait=2m")).endsWith(hint);
        assertThat(complaint("start all --fast")).endsWith(": the command ends before it");
    }

    private String complaint(String line) {
        Parsed parsed = new Parser(TextFiles.below(home)).parse(Line.read(line));
        return ((Parsed.Malformed) parsed).lines("x").get(0);
    }

    @Test
    void readsStandardInputAsAScript() {
        assertThat(run("start all\n# done\nstop all", "--cluster", "c")).isZero();
        assertThat(cluster.asked).containsExactly("[start all]", "[stop -m fast all]");
    }

    @Test
    void runsAScriptFromAFile() throws IOException {
        Path script = home.resolve("s.xlctl");
        Files.writeString(script, "start all\n");

        assertThat(run("kill all\n", "--cluster", "c", "-i", script.toString())).isZero();
        assertThat(cluster.asked).containsExactly("[start all]");
    }

    @Test
    void runsNothingOfAScriptWithAComplaint() {
        assertThat(run("start all\nstrat all\n", "--cluster", "c")).isEqualTo(2);
        assertThat(cluster.asked).isEmpty();
        assertThat(err)
                .hasToString(
                        "<stdin>:2:1: \"strat\" is not a command: did you mean \"start\"?\n"
                                + "  strat all\n  ^~~~~\n");
    }

    @Test
    void keepsGoingWhenAskedTo() {
        String script = "add gtm master bad h 1 d\nadd gtm master g h 1 d\nmonitor all\n";

        assertThat(run(script, "--cluster", "c", "--keep-going")).isEqualTo(4);
        assertThat(cluster.asked)
                .containsExactly("[add gtm master bad h 1]", "[add gtm master g h 1]");
    }

    @Test
    void showsPlansWhenAskedTo() {
        assertThat(
                        run(
                                "",
                                "--cluster",
                                "c",
                                "--dry-run",
                                "add",
                                "gtm",
                                "master",
                                "bad",
                                "h",
                                "1",
                                "d"))
                .isEqualTo(4);
        assertThat(cluster.asked).containsExactly("plan [add gtm master bad h 1]");
    }

    @Test
    void pointsAtAWordOfTheCommandLine() {
        assertThat(run("", "--cluster", "c", "add", "gtm", "mastr")).isEqualTo(2);
        assertThat(err)
                .hasToString(
                        "xlctl: expected \"master\", found \"mastr\": did you mean \"master\"?\n"
                                + "  add gtm mastr\n"
                                + "          ^~~~~\n"
                                + "usage: add gtm master NAME HOST PORT DIR [SERVICE]\n");
    }

    @Test
    void refusesOptionsItDoesNotKnow() {
        assertThat(run("", "--bogus")).isEqualTo(2);
        assertThat(run("", "--home")).isEqualTo(2);
        assertThat(run("", "-i", "x", "status")).isEqualTo(2);
        assertThat(run("", "--dry-run", "--keep-going")).isEqualTo(2);
        assertThat(run("", "--cluster", "c", "-i", home.resolve("none").toString())).isEqualTo(2);
        assertThat(out).hasToString("");
        assertThat(err.toString(UTF_8))
                .contains("xlctl: there is no option \"--bogus\"")
                .contains("-i FILE and the words of a command exclude each other")
                .contains("--dry-run and --keep-going exclude each other")
                .contains("there is no script \"" + home.resolve("none"));
    }

    @Test
    void asksForAClusterOnlyWhenOneIsNeeded() {
        assertThat(run("", "config", "show")).isZero();
        assertThat(out.toString(UTF_8)).contains("zookeeper", "127.0.0.1:2181", "default");
        assertThat(run("", "status")).isEqualTo(2);
        assertThat(err.toString(UTF_8)).startsWith("xlctl: no cluster is named: ");
    }

    @Test
    void showsTheHistoryOfThePrompt() throws IOException {
        Files.writeString(home.resolve("history"), "monitor all\nadd a\\\\b\n");

        assertThat(run("", "history")).isZero();
        assertThat(out).hasToString("monitor all\nadd a\\b\n");
    }

    @Test
    void makesAHomeWhateverTheOrderOfItsOptions() throws IOException {
        Path made = home.resolve("made");

        assertThat(run("", "home", made.toString(), "--cluster", "c", "--zookeeper", "zk:2181"))
                .isZero();
        assertThat(made.resolve("xlctl.yaml")).content().startsWith("cluster: c\n");
        assertThat(run("", "home", "--cluster", "c", "--zookeeper", "zk:2181", made.toString()))
                .isEqualTo(4);
        assertThat(err.toString(UTF_8)).contains("is refused, because it has xlctl.yaml, ");
    }

    @Test
    void helpsAndSaysItsVersion() {
        assertThat(run("", "--help")).isZero();
        assertThat(out.toString(UTF_8).lines())
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80));
        assertThat(out.toString(UTF_8)).contains("--dry-run").contains("Exit codes");
        assertThat(run("", "-V")).isZero();
        assertThat(out.toString(UTF_8)).contains(Version.text() + "\n");
        assertThat(Version.text()).matches("xlctl \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?");
    }

    private int run(String input, String... arguments) {
        Program program =
                new Program(
                        Map.of("XLCTL_HOME", home.toString()),
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        false,
                        settings -> cluster,
                        new Interruption());
        return program.run(arguments);
    }
}
