package xlctl.shell.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.controller.ExitCode;
import xlctl.json.JsonTree;
import xlctl.monitor.ClusterView;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.render.Screen;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.topology.NodeKind;

/** The operator ends the watch when the views are used up. */
@Timeout(60)
class WatchingTest {
    private static final ClusterView UP =
            Clusters.of(Clusters.up(NodeKind.DATANODE, "data_m_1", "h1"));
    private static final ClusterView DOWN =
            Clusters.of(Clusters.down(NodeKind.DATANODE, "data_m_1", "h1"));

    @TempDir private Path home;
    private final RecordingConsole console = new RecordingConsole();

    @Test
    void tellsEachChangeOnALineWhereNoTerminalIs() {
        assertThat(watch("monitor all --watch 1ms", UP, UP, DOWN, DOWN, Clusters.empty()))
                .isEqualTo(ExitCode.DONE);

        assertThat(console.printed)
                .hasSize(3)
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\d [\\d:]{8}Z  data_m_1  .*"));
        assertThat(console.printed.get(0)).endsWith("data_m_1  unknown -> running");
        assertThat(console.printed.get(1)).endsWith("data_m_1  running -> not running");
        assertThat(console.printed.get(2)).endsWith("data_m_1  not running -> absent");
    }

    @Test
    void tellsEachChangeAsADocumentOnOneLine() {
        watch("status --watch 1ms --output json", UP, DOWN);

        assertThat(console.printed).hasSize(2);
        JsonTree change = JsonTree.read(console.printed.get(1), "a change");
        assertThat(change.number("format")).contains(1L);
        assertThat(change.text("kind")).contains("change");
        assertThat(change.text("from")).contains("master, running");
        assertThat(change.text("to")).contains("down, not running");
    }

    @Test
    void headsATableOfChangesOnce() {
        watch("monitor all --watch 1ms --output tsv", UP, DOWN);

        assertThat(console.printed).hasSize(3);
        assertThat(console.printed.get(0)).isEqualTo("at\tmember\tfrom\tto");
    }

    @Test
    void headsATableOfChangesWhenTheFirstComes() {
        watch("status --watch 1ms --output tsv", Clusters.empty(), UP);

        assertThat(console.printed).hasSize(2);
        assertThat(console.printed.get(0)).isEqualTo("at\tmember\tfrom\tto");
    }

    @Test
    void endsWhenNobodyReadsItAnyMore() {
        console.broken = true;

        watch("status --watch 10m", UP, DOWN);

        assertThat(console.printed).hasSize(1);
    }

    @Test
    void showsATerminalEachLookInPlaceOfTheOneBefore() {
        console.screen = new Screen(80, Optional.of(4), true, false);

        watch("status --watch 1ms", UP, DOWN);

        assertThat(console.printed).hasSize(6);
        assertThat(console.printed.get(0))
                .startsWith("\u001b[H\u001b[2J")
                .endsWith("Ctrl-C ends it");
        assertThat(console.printed.get(3)).startsWith("\u001b[H\u001b[2J");
    }

    @Test
    void showsATerminalTheLastChangesBelowALook() {
        console.screen = new Screen(80, Optional.of(40), true, false);

        watch("monitor all --watch 1ms", UP, UP, DOWN, DOWN);

        String shown = String.join("\n", console.printed);
        List<String> looks = List.of(shown.split(Pattern.quote("\u001b[H\u001b[2J")));
        assertThat(looks).hasSize(5);
        assertThat(looks.subList(1, 3)).noneMatch(look -> look.contains(" -> "));
        assertThat(looks.subList(3, 5))
                .allMatch(
                        look ->
                                look.strip().endsWith("Z  data_m_1  running -> not running")
                                        && look.split(" -> ").length == 2);
    }

    @Test
    void showsATerminalTenChangesAtMost() {
        console.screen = new Screen(80, Optional.of(40), true, false);
        ClusterView[] views =
                IntStream.range(0, 14)
                        .mapToObj(i -> i % 2 == 0 ? UP : DOWN)
                        .toArray(ClusterView[]::new);

        watch("monitor all --watch 1ms", views);

        String shown = String.join("\n", console.printed);
        String last = shown.substring(shown.lastIndexOf("\u001b[H\u001b[2J"));
        assertThat(last.split(" -> ")).hasSize(11);
        assertThat(last.strip()).endsWith("running -> not running");
    }

    @Test
    void refusesWhatIsNotThere() {
        assertThat(watch("monitor nobody --watch 1ms", UP)).isEqualTo(ExitCode.REFUSED);
        assertThat(console.printed).isEmpty();
    }

    @Test
    void aScriptIsNotGoneOnWithAfterTheEndOfAWatch() {
        assertThat(watch("monitor all --watch 1ms\nkill all", UP)).isEqualTo(ExitCode.NOT_AS_ASKED);
        assertThat(console.reported)
                .containsExactly("s:1: stopped here; 1 statement after it was not run: s:2");
    }

    private ExitCode watch(String script, ClusterView... views) {
        Deque<ClusterView> left = new ArrayDeque<>(List.of(views));
        // A look of its own decides that a watch begins.
        if (script.startsWith("monitor")) {
            left.addFirst(views[0]);
        }
        Interpreter[] running = new Interpreter[1];
        FakeCluster cluster =
                new FakeCluster() {
                    @Override
                    public ClusterView look() {
                        view = left.removeFirst();
                        if (left.isEmpty()) {
                            running[0].cancel();
                        }
                        return view;
                    }
                };
        Settings settings = Settings.read(new Home(home), Map.of("XLCTL_CLUSTER", "c"), Map.of());
        try (Interpreter interpreter =
                new Interpreter(
                        settings, console, Interpreter.Mode.STOP_AT_FAILURE, () -> cluster)) {
            running[0] = interpreter;
            return interpreter.run(
                    Script.read(
                                    script.getBytes(UTF_8),
                                    "s",
                                    new Parser(TextFiles.below(Path.of(""))))
                            .items());
        }
    }
}
