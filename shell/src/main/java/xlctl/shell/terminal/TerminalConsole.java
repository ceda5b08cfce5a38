package xlctl.shell.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import xlctl.shell.render.Screen;
import xlctl.shell.script.Console;

/** Lines on the terminal of the prompt. */
final class TerminalConsole implements Console {
    private static final char UNSEEN = '\0';

    private final Terminal terminal;
    private final LineReader reader;

    TerminalConsole(Terminal terminal, LineReader reader) {
        this.terminal = terminal;
        this.reader = reader;
    }

    @Override
    public synchronized void print(String line) {
        terminal.writer().println(line);
        terminal.flush();
    }

    @Override
    public Screen screen() {
        return Screen.terminal(terminal.getWidth(), terminal.getHeight(), System.getenv());
    }

    @Override
    public void report(String line) {
        print(line);
    }

    @Override
    public Optional<Boolean> confirm(String question) {
        // A reader of its own: answers do not belong in the history.
        LineReader asking = LineReaderBuilder.builder().terminal(terminal).build();
        try {
            return Optional.of(asking.readLine(question).strip().matches("(?i)y|yes"));
        } catch (UserInterruptException | EndOfFileException e) {
            return Optional.of(false);
        }
    }

    @Override
    public Optional<String> secret(String question) {
        LineReader asking = LineReaderBuilder.builder().terminal(terminal).build();
        asking.setVariable(LineReader.DISABLE_HISTORY, true);
        try {
            return Optional.of(asking.readLine(question, UNSEEN));
        } catch (UserInterruptException | EndOfFileException e) {
            return Optional.empty();
        }
    }

    @Override
    public <T> T handOver(Supplier<T> work) {
        boolean pausable = terminal.canPauseResume() && !terminal.paused();
        try {
            if (pausable) {
                terminal.pause(true);
            }
            return work.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the terminal was handed over", e);
        } finally {
            if (pausable) {
                terminal.resume();
            }
        }
    }

    @Override
    public List<String> history() {
        List<String> lines = new ArrayList<>();
        reader.getHistory().forEach(entry -> lines.add(entry.line()));
        return lines;
    }
}
