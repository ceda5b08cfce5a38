package xlctl.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.shell.terminal.PseudoTerminal;

/** xlctl and a person before it. */
@Timeout(180)
class TerminalTest {
    private static final String PROMPT = "xlctl c> ";

    private Path home;
    private List<String> starting = List.of();
    private PseudoTerminal terminal;

    @BeforeEach
    void makeHome() throws IOException {
        // Not JUnit's own, whose paths are too long for sockets.
        home = Files.createTempDirectory("t");
    }

    @AfterEach
    void end() throws IOException {
        terminal.close();
    }

    @Test
    void ctrlCClearsTheLineAndCtrlDLeaves() throws Exception {
        open().type("stop al").awaitLastLine(PROMPT + "stop al").press("C-c");
        terminal.awaitLastLine(PROMPT.strip()).press("C-d");

        assertThat(terminal.awaitExit()).isZero();
    }

    @Test
    void completesWhatTheLanguageAllowsAtEachPlace() throws Exception {
        open().type("MON").press("Tab").awaitLastLine(PROMPT + "monitor");
        terminal.type("coord_").press("Tab").awaitLastLine(PROMPT + "monitor coord_m_1");
        terminal.press("C-c").awaitLastLine(PROMPT.strip());

        terminal.type("add datanode master d 127.0.1.").press("Tab", "Tab");
        terminal.awaitText("127.0.1.1", "127.0.1.2", "127.0.1.3").press("C-c");
        terminal.awaitLastLine(PROMPT.strip());

        terminal.type("start nonsense nonsense\u00fc ").press("Tab").type("x");
        terminal.awaitLastLine(PROMPT + "start nonsense nonsense\u00fc x").press("C-c");
        terminal.awaitLastLine(PROMPT.strip());

        terminal.type("operation resume ").press("Tab");
        terminal.awaitLastLine(PROMPT + "operation resume 7");
    }

    @Test
    void completesFilesInQuotesWhereTheyNeedThem() throws Exception {
        Path directory = Files.createDirectory(home.resolve("my files"));
        Files.writeString(directory.resolve("extra.conf"), "work_mem = 7MB\n");
        open().type("add datanode master d 127.0.1.3 5432 none d none " + home + "/my");

        terminal.press("Tab").awaitText("none '" + home + "/my files/");
        terminal.press("Tab").awaitText("none '" + home + "/my files/extra.conf'");
        terminal.type("no").press("Tab").awaitText("extra.conf' none").press("C-c");
    }

    @Test
    void tabDoesNotWaitForAClusterThatHangs() throws Exception {
        Path hang = Files.createFile(home.resolve("hang"));
        open().type("mon").press("Tab").awaitLastLine(PROMPT + "monitor");
        terminal.type("coor").press("Tab").awaitLastLine(PROMPT + "monitor coordinator");

        Files.delete(hang);
        await().untilAsserted(
                        () -> {
                            terminal.press("C-u").type("monitor data_").press("Tab");
                            terminal.awaitLastLine(PROMPT + "monitor data_m_1");
                        });
    }

    @Test
    void coloursWordsWhileTheyAreTyped() throws Exception {
        open().type("add coordinator mister x # why").awaitText("# why");

        assertThat(terminal.colours())
                .contains("\u001b[36madd")
                .contains("\u001b[31mmister")
                .contains("\u001b[2m# why");
    }

    @Test
    void hasNoColoursWhereTheyAreNotWanted() throws Exception {
        open("NO_COLOR", "1").type("stop mister # why").awaitText("# why");

        assertThat(terminal.colours()).doesNotContain("\u001b[3", "\u001b[2m");
    }

    @Test
    void worksOnATerminalThatCanDoNothing() throws Exception {
        open("TERM", "dumb").enter("start slow").awaitText("[1] slow: start slow");
        terminal.press("C-c").awaitText("it was interrupted, and undone");
        terminal.enter("quit");

        assertThat(terminal.awaitExit()).isZero();
        assertThat(terminal.text())
                .containsPattern("start slow: failed \\(operation 1\\), [\\d.]+ s\n");
    }

    @Test
    void pointsAtTheWordThatIsWrong() throws Exception {
        open().enter("add datanode mester d");

        terminal.awaitText(
                "xlctl: expected \"master\", found \"mester\": did you mean \"master\"?\n"
                        + "  add datanode mester d\n"
                        + "               ^~~~~~\n");
    }

    @Test
    void ctrlCEndsAChangeAndLeavesNothingHalfDrawn() throws Exception {
        open().enter("start slow").awaitText("[1] slow: start slow ... ");
        assertThat(terminal.text()).contains("[1] slow: prepare slow, ");

        terminal.press("C-c").awaitLastLine(PROMPT.strip());

        assertThat(terminal.text())
                .containsPattern(
                        "start slow\n"
                                + "\\[1] slow: prepare slow, [\\d.]+ s\n"
                                + "Interrupted: ending what is under way; what is not committed is"
                                + " undone\\.\n"
                                + "xlctl: start slow: failed \\(operation 1\\), [\\d.]+ s\n"
                                + " *- it was interrupted, and undone\n"
                                + "xlctl c>$");
        terminal.enter("stop all").awaitText("stop -m fast all: done (operation 2)");
    }

    @Test
    void aSecondCtrlCIsToldWhatIsWaitedForAndASignalWaitsForABoundedTime() throws Exception {
        open().enter("start stubborn").awaitText("start slow ... ").press("C-c");
        terminal.awaitText("Interrupted: ").press("C-c");
        terminal.awaitText(
                "Still ending; this is waited for:\n  [1] slow: start slow ... ",
                "Who kills xlctl now leaves operation 1 open: operation resume 1");

        terminal.signal("TERM");

        assertThat(terminal.awaitExit()).isEqualTo(143);
        assertThat(terminal.text()).contains("Not waiting any longer.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"monitor all", "status --watch"})
    void ctrlCLeavesAReadingAloneThatHangs(String reading) throws Exception {
        Path hang = Files.createFile(home.resolve("hang"));
        open().type(reading).awaitLastLine(PROMPT + reading).press("Enter");
        await().until(() -> terminal.column() == 0);

        // The first may come before there is something to leave.
        await().untilAsserted(
                        () ->
                                assertThat(terminal.press("C-c").text())
                                        .contains("Interrupted: nothing was changed."));
        terminal.awaitLastLine(PROMPT.strip());
        Files.delete(hang);
        typeUntilShown("monitor gtm");
        terminal.press("Enter").awaitText("Running: gtm master");
        assertThat(terminal.text()).containsOnlyOnce("Running");
    }

    @Test
    void ctrlCEndsAWatch() throws Exception {
        open().type("status --watch 100ms").press("Enter");
        terminal.awaitText("every 100 ms; Ctrl-C ends it").press("C-c");

        terminal.awaitLastLine(PROMPT.strip());
        typeUntilShown("monitor gtm");
        terminal.press("Enter").awaitText("Running: gtm master");
    }

    @Test
    void ctrlCEndsTheChangeOfOneCommand() throws Exception {
        terminal = start(home, Map.of(), "start", "slow");
        terminal.awaitText("[1] slow: start slow").press("C-c");

        assertThat(terminal.awaitExit()).isEqualTo(1);
        assertThat(terminal.text())
                .containsPattern("start slow: failed \\(operation 1\\), [\\d.]+ s\n")
                .contains("it was interrupted, and undone");
    }

    @Test
    void aSecondCtrlCIsHeardOutsideThePromptToo() throws Exception {
        terminal = start(home, Map.of(), "start", "stubborn");
        terminal.awaitText("[1] slow: start slow").press("C-c").awaitText("Interrupted: ");

        terminal.press("C-c").awaitText("Still ending", "operation resume 1").signal("HUP");

        assertThat(terminal.awaitExit()).isEqualTo(129);
    }

    @Test
    void ctrlCEndsOneCommandThatAsks() throws Exception {
        terminal = start(home, Map.of(), "host", "accept", "h1");
        terminal.awaitText("SHA256").press("C-c");

        assertThat(terminal.awaitExit()).isEqualTo(130);
    }

    @Test
    void worksWithoutTheNameOfATerminal() throws Exception {
        open("TERM", "").enter("monitor gtm").awaitText("Running: gtm master");
        terminal.press("C-d");

        assertThat(terminal.awaitExit()).isZero();
    }

    @Test
    void aSignalEndsAChangeFirst() throws Exception {
        open().enter("start slow").awaitText("start slow ... ");

        terminal.signal("TERM");

        assertThat(terminal.awaitExit()).isEqualTo(143);
        assertThat(terminal.text()).contains("it was interrupted, and undone");
    }

    @Test
    void aSignalEndsThePrompt() throws Exception {
        open().type("stop a").awaitLastLine(PROMPT + "stop a").signal("HUP");

        assertThat(terminal.awaitExit()).isEqualTo(129);
    }

    @Test
    void endsWithItsTerminal() throws Exception {
        ProcessHandle process = open().enter("start slow").awaitText("slow ...").process();

        terminal.hangUp();

        process.onExit().get(60, TimeUnit.SECONDS);
        assertThat(Files.readAllLines(home.resolve("history"))).containsExactly("start slow");
    }

    @Test
    void keepsUpWithAWindowThatChanges() throws Exception {
        String line = "start " + "abcdefgh_".repeat(16);
        open().type(line).awaitText(PROMPT + line);

        terminal.resize(60, 20).type("1").awaitText(line + "1");
        terminal.resize(120, 40).type("2").awaitText(line + "12");
        terminal.press("C-c").awaitLastLine(PROMPT.strip());

        terminal.enter("start slow").awaitText("slow ... ").resize(20, 10);
        terminal.resize(100, 30).press("C-c").awaitText("and undone");
        assertThat(terminal.text().split("Interrupted: ending")[1]).doesNotContain("...");
    }

    @Test
    void aPasteOfSeveralLinesIsAScript() throws Exception {
        open().paste("start all\n# and now\nstop bad\nkill all\nstart gtm\n");
        terminal.awaitText("start gtm");
        assertThat(terminal.text()).doesNotContain("done");

        terminal.press("Enter")
                .awaitText(
                        "start all: done (operation 1)",
                        "pasted:3: stop -m fast bad: refused",
                        "pasted:3: stopped here; 2 statements after it were not run: pasted:4 to"
                                + " pasted:5");

        terminal.paste("start all\nstrat all\n").awaitText("strat all").press("Enter");
        terminal.awaitText(
                "pasted:2:1: \"strat\" is not a command", "nothing of what was pasted was run");
        terminal.paste("kill gtm\nquit\nstatus\n").awaitText("status").press("Enter");

        assertThat(terminal.awaitExit()).isZero();
        assertThat(terminal.text()).contains("kill gtm: done (operation 3)");
    }

    @Test
    void aVeryLongLineIsALine() throws Exception {
        open().paste("start " + "abc ".repeat(25_000) + "x;x").awaitText("x;x");

        terminal.press("Enter").awaitText("x;x\" is not").awaitLastLine(PROMPT.strip());
        terminal.enter("kill gtm").awaitText("kill gtm: done");
    }

    @Test
    void keysThatAreTypedWhileItWorksAreForTheTimeAfterIt() throws Exception {
        Path hang = Files.createFile(home.resolve("hang"));
        open().enter("monitor gtm").enter("kill all").press("C-d");

        Files.delete(hang);

        assertThat(terminal.awaitExit()).isZero();
        assertThat(terminal.text())
                .containsSubsequence("Running: gtm master", "kill all: done (operation 1)");
    }

    @Test
    void keepsAHistoryOfTwoShellsWithoutPasswords() throws Exception {
        Path history = home.resolve("history");
        open().enter("start all").awaitText("done (operation 1)");
        try (PseudoTerminal other = start(Files.createTempDirectory("t"), Map.of("HOME", "/"))) {
            other.awaitLastLine(PROMPT.strip()).enter("stop all").awaitText("done (operation 1)");
            terminal.enter("alter role app password 'hidden'").awaitText("is not a command");
            terminal.awaitLastLine(PROMPT.strip()).enter("kill all").awaitText("(operation 2)");

            terminal.process().destroyForcibly();
            other.enter("kill gtm").awaitText("done (operation 2)");
        }

        assertThat(Files.readAllLines(history))
                .containsExactly("start all", "stop all", "kill all", "kill gtm");
    }

    @Test
    void warnsOfAHistoryThatCannotBeRead() throws Exception {
        Files.write(home.resolve("history"), new byte[] {'o', (byte) 0xff, '\n'});

        open().awaitText("The history will not be kept in " + home + "/history: it is not UTF-8");
        terminal.enter("start all").awaitText("start all: done").enter("history");
        terminal.awaitText("history\nstart all\nhistory\n");
        assertThat(Files.size(home.resolve("history"))).isEqualTo(3);
    }

    @Test
    void saysOnceThatTheHistoryCannotBeWrittenAnyMore() throws Exception {
        String line = "x".repeat(1023) + "\n";
        String before = line.repeat(1023) + "y".repeat(1015) + "\n";
        Files.writeString(home.resolve("history"), before);
        starting = List.of("prlimit", "--fsize=1048576");

        open().enter("start all").awaitText("start all: done (operation 1)");
        terminal.enter("stop all").awaitText("done (operation 2)");

        assertThat(terminal.text())
                .containsOnlyOnce(
                        "The history is not kept in " + home + "/history any more: file too large");
        assertThat(Files.readString(home.resolve("history"))).isEqualTo(before);
    }

    /** Of a line at the prompt something is lost to a Ctrl-C that comes late. */
    private void typeUntilShown(String line) {
        await().pollInterval(Duration.ofMillis(500))
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(
                        () -> {
                            if (!terminal.lastLine().equals(PROMPT + line)) {
                                terminal.press("C-u").type(line);
                            }
                            assertThat(terminal.lastLine()).isEqualTo(PROMPT + line);
                        });
    }

    private PseudoTerminal open(String... variables) throws IOException {
        Map<String, String> environment = new HashMap<>();
        for (int each = 0; each < variables.length; each += 2) {
            environment.put(variables[each], variables[each + 1]);
        }
        terminal = start(home, environment);
        return terminal.awaitLastLine(PROMPT.strip());
    }

    private PseudoTerminal start(Path directory, Map<String, String> more, String... words)
            throws IOException {
        Map<String, String> environment = new HashMap<>();
        environment.put("XLCTL_HOME", home.toString());
        environment.put("XLCTL_CLUSTER", "c");
        environment.put("LC_ALL", "C.UTF-8");
        environment.putAll(more);
        List<String> command = new ArrayList<>(starting);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-cp");
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(TerminalProgram.class.getName());
        command.addAll(List.of(words));
        return PseudoTerminal.start(directory, environment, command);
    }
}
