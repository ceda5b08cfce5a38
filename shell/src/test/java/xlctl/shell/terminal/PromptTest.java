package xlctl.shell.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.reader.Candidate;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.script.Clusters;
import xlctl.shell.script.FakeCluster;
import xlctl.shell.script.Interpreter;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.topology.NodeKind;

@Timeout(60)
class PromptTest {
    @TempDir private Path home;
    private final FakeCluster cluster = new FakeCluster();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @Test
    void doesLinesOneByOneUntilQuit() throws IOException {
        type(
                "start all\nmointor\nkill all\nquit\nstop all\n",
                "xlctl postgresql-1> ",
                "start all: done (operation 1)",
                "did you mean \"monitor\"?");

        assertThat(cluster.asked).containsExactly("[start all]", "[kill all]");
        assertThat(cluster.closed).isTrue();
    }

    @Test
    void endsWithTheInput() throws IOException {
        type("start all\n", "start all: done");

        assertThat(cluster.asked).containsExactly("[start all]");
    }

    @Test
    void keepsAHistoryThatNobodyElseReads() throws IOException {
        type("status\nstatus\nhelp kill\nhistory\nquit\n", "help kill\r\nhistory");

        Path history = home.resolve("history");
        assertThat(Files.readAllLines(history))
                .containsExactly("status", "help kill", "history", "quit");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(history)))
                .isEqualTo("rw-------");
    }

    @Test
    void asksBeforeItAcceptsAKey() throws IOException {
        type("host accept h1\nn\nhost accept h2\ny\nquit\n", FakeCluster.FINGERPRINT);

        assertThat(cluster.asked).containsExactly("accept h2");
        assertThat(Files.readAllLines(home.resolve("history"))).doesNotContain("y", "n");
    }

    @Test
    void ctrlCEndsTheChangeThatIsUnderWay() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        cluster.waitForCancel = Optional.of(waiting);
        try (PipedOutputStream keys = new PipedOutputStream();
                PipedInputStream input = new PipedInputStream(keys);
                Terminal terminal = terminal(input)) {
            Thread person = new Thread(() -> prompt(terminal), "person at the prompt");
            person.start();
            keys.write("start all\n".getBytes(UTF_8));
            keys.flush();
            assertThat(waiting.await(30, TimeUnit.SECONDS)).isTrue();

            terminal.raise(Terminal.Signal.INT);
            keys.write("quit\n".getBytes(UTF_8));
            keys.flush();
            person.join(30_000);

            assertThat(person.isAlive()).isFalse();
            awaitShown("it was interrupted, and undone");
        }
        assertThat(cluster.asked).containsExactly("[start all]", "cancel");
    }

    @Test
    void proposesNamesOfTheClusterAsItWas() throws IOException {
        cluster.view =
                Clusters.of(
                        Clusters.up(NodeKind.COORDINATOR, "coord_m_1", "h1"),
                        Clusters.up(NodeKind.DATANODE, "data_m_1", "h2"));
        try (LiveNamesCache names = new LiveNamesCache(() -> cluster);
                Terminal terminal = terminal(new ByteArrayInputStream(new byte[0]))) {
            await().until(() -> completed(names, terminal, "monitor ").contains("coord_m_1"));
            assertThat(completed(names, terminal, "remove datanode master "))
                    .containsExactly("data_m_1");
            assertThat(completed(names, terminal, "mon")).contains("monitor");
        }
    }

    @Test
    void keepsTheNamesItHasWhenTheClusterCannotBeAsked() {
        cluster.view = Clusters.of(Clusters.up(NodeKind.DATANODE, "data_m_1", "h2"));
        AtomicInteger asked = new AtomicInteger();
        try (LiveNamesCache names =
                new LiveNamesCache(
                        () -> {
                            if (asked.incrementAndGet() > 1) {
                                throw new IllegalStateException("gone");
                            }
                            return cluster;
                        })) {
            names.awaitFresh();
            names.refresh();

            await().until(() -> asked.get() == 2);
            names.awaitFresh();
            assertThat(names.nodes(Optional.empty())).containsExactly("data_m_1");
        }
    }

    private List<String> completed(LiveNamesCache names, Terminal terminal, String typed) {
        LineReader reader = LineReaderBuilder.builder().terminal(terminal).build();
        List<Candidate> candidates = new ArrayList<>();
        new WordCompleter(names, new FileNames(home))
                .complete(reader, new TypedLine(typed, typed.length()), candidates);
        return candidates.stream().map(Candidate::value).toList();
    }

    private void type(String keys, String... expected) throws IOException {
        try (Terminal terminal = terminal(new ByteArrayInputStream(keys.getBytes(UTF_8)))) {
            prompt(terminal);
            awaitShown(expected);
        }
    }

    /** What was printed reaches the screen a moment later. */
    private void awaitShown(String... expected) {
        await().untilAsserted(() -> assertThat(screen.toString(UTF_8)).contains(expected));
    }

    private Terminal terminal(InputStream input) throws IOException {
        return TerminalBuilder.builder()
                .system(false)
                .streams(input, screen)
                .type("dumb")
                .encoding(UTF_8)
                .build();
    }

    private void prompt(Terminal terminal) {
        Settings settings =
                Settings.read(new Home(home), Map.of("XLCTL_CLUSTER", "postgresql-1"), Map.of());
        Prompt.run(
                terminal,
                settings,
                new Parser(TextFiles.below(home)),
                Interpreter.Mode.STOP_AT_FAILURE,
                () -> cluster,
                new Prompt.Watcher() {
                    @Override
                    public void watch(Interpreter interpreter, Runnable wake) {}

                    @Override
                    public boolean leaving() {
                        return false;
                    }
                },
                Palette.PLAIN);
    }
}
