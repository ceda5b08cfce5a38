package xlctl.shell.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program in a pseudo-terminal, and a person before it who types, reads the screen and waits for
 * what is to come. tmux is the terminal.
 */
public final class PseudoTerminal implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path socket;

    private PseudoTerminal(Path socket) {
        this.socket = socket;
    }

    /**
     * @param directory for its socket: a short path, nobody else's
     * @param environment of the program, beside PATH
     */
    public static PseudoTerminal start(
            Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path settings = directory.resolve("tmux.conf");
        Files.write(
                settings,
                List.of(
                        "set -g remain-on-exit on",
                        "set -g remain-on-exit-format ''",
                        "set -g status off",
                        "set -g exit-empty off",
                        "set -g history-limit 50000",
                        "set -g default-terminal screen-256color"));
        PseudoTerminal terminal = new PseudoTerminal(directory.resolve("tmux"));
        List<String> start =
                Stream.concat(
                                Stream.of(
                                        "-f",
                                        settings.toString(),
                                        "new-session",
                                        "-d",
                                        "-x",
                                        "100",
                                        "-y",
                                        "30",
                                        "env",
                                        "--ignore-environment",
                                        "TERM=screen-256color",
                                        "PATH=" + System.getenv("PATH")),
                                Stream.concat(
                                        environment.entrySet().stream()
                                                .map(each -> each.getKey() + "=" + each.getValue()),
                                        command.stream()))
                        .toList();
        terminal.tmux(start.toArray(String[]::new));
        return terminal;
    }

    /** Types text as it is, quickly. */
    public PseudoTerminal type(String text) {
        tmux("send-keys", "-l", "--", text);
        return this;
    }

    /** Presses keys by tmux's names: {@code Enter}, {@code Tab}, {@code C-c}. */
    public PseudoTerminal press(String... keys) {
        tmux(Stream.concat(Stream.of("send-keys"), Stream.of(keys)).toArray(String[]::new));
        return this;
    }

    public PseudoTerminal enter(String line) {
        return type(line).press("Enter");
    }

    /** Pastes text as terminals do: marked as a paste where the program asked for that. */
    public PseudoTerminal paste(String text) throws IOException {
        Path file = Files.writeString(socket.resolveSibling("paste"), text);
        tmux("load-buffer", file.toString());
        tmux("paste-buffer", "-p", "-d");
        return this;
    }

    public PseudoTerminal resize(int columns, int rows) {
        tmux("resize-window", "-x", Integer.toString(columns), "-y", Integer.toString(rows));
        return this;
    }

    /** Everything that was shown and is shown, long lines whole. */
    public String text() {
        return tmux("capture-pane", "-p", "-J", "-S", "-").stripTrailing();
    }

    /** What is on the screen now, line by line. */
    public List<String> screen() {
        return tmux("capture-pane", "-p")
                .stripTrailing()
                .lines()
                .map(String::stripTrailing)
                .toList();
    }

    /** As {@link #text()}, with its colours as escape sequences. */
    public String colours() {
        return tmux("capture-pane", "-p", "-e", "-J", "-S", "-");
    }

    /** Where the cursor is, counted from 0. */
    public int column() {
        return Integer.parseInt(told("cursor_x"));
    }

    public PseudoTerminal awaitText(String... expected) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(text()).contains(expected));
        return this;
    }

    /** Until the last line of the screen is this. */
    public PseudoTerminal awaitLastLine(String expected) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(lastLine()).isEqualTo(expected));
        return this;
    }

    public String lastLine() {
        List<String> screen = screen();
        return screen.isEmpty() ? "" : screen.get(screen.size() - 1);
    }

    /** The first process in it. */
    public ProcessHandle process() {
        return ProcessHandle.of(Long.parseLong(told("pane_pid"))).orElseThrow();
    }

    /** A signal to the first process in it. */
    public void signal(String name) throws IOException, InterruptedException {
        Process kill =
                new ProcessBuilder("kill", "-s", name, Long.toString(process().pid())).start();
        assertThat(kill.waitFor()).isZero();
    }

    /** The terminal goes away, as when a connection ends; its programs hear that. */
    public void hangUp() {
        tmux("kill-server");
    }

    public int awaitExit() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                // The terminal hears of the end before it has the status.
                .untilAsserted(
                        () -> assertThat(ending()).as(text()).matches("1/([0-9]+/|/[0-9]+)"));
        String[] ending = ending().split("/", -1);
        return ending[2].isEmpty()
                ? Integer.parseInt(ending[1])
                : 128 + Integer.parseInt(ending[2]);
    }

    /**
     * Whether the first process has ended, with what status, or by what signal. tmux at times
     * misses that its child ended; told once more, it looks.
     */
    private String ending() {
        ProcessHandle.of(Long.parseLong(told("pid"))).ifPresent(PseudoTerminal::childEnded);
        return told("pane_dead}/#{pane_dead_status}/#{pane_dead_signal");
    }

    private static void childEnded(ProcessHandle tmux) {
        try {
            new ProcessBuilder("kill", "-s", "CHLD", Long.toString(tmux.pid())).start().waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private String told(String what) {
        return tmux("display-message", "-p", "#{" + what + "}").strip();
    }

    private String tmux(String... words) {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(List.of(words));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String said = new String(process.getInputStream().readAllBytes(), UTF_8);
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("tmux does not answer: " + command);
            }
            assertThat(process.exitValue()).as(command + ": " + said).isZero();
            return said;
        } catch (IOException e) {
            throw new AssertionError("tmux, which bin/test installs, cannot be run", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() throws IOException {
        if (Files.exists(socket)) {
            new ProcessBuilder("tmux", "-S", socket.toString(), "kill-server")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }
    }
}
