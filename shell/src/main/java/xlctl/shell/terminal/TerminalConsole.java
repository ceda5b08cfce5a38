package xlctl.shell.terminal;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    private static final Duration BETWEEN_DRAWINGS = Duration.ofMillis(200);

    private final Terminal terminal;
    private final LineReader reader;
    private final WorkArea area;

    TerminalConsole(Terminal terminal, LineReader reader, Palette palette) {
        this.terminal = terminal;
        this.reader = reader;
        this.area = new WorkArea(terminal, palette);
    }

    @Override
    public synchronized void print(String line) {
        area.erase();
        terminal.writer().println(line);
        terminal.flush();
    }

    @Override
    public Screen screen() {
        return Screen.terminal(terminal.getWidth(), terminal.getHeight(), System.getenv());
    }

    @Override
    public boolean isTerminal() {
        return true;
    }

    @Override
    public boolean showsWhatRuns() {
        return WorkArea.canDraw(terminal);
    }

    @Override
    public <T> T showing(Supplier<List<String>> running, Supplier<T> work) {
        if (!showsWhatRuns()) {
            return work.get();
        }
        ScheduledExecutorService drawing =
                Executors.newSingleThreadScheduledExecutor(
                        task -> {
                            Thread thread = new Thread(task, "what-runs");
                            thread.setDaemon(true);
                            return thread;
                        });
        AtomicBoolean ended = new AtomicBoolean();
        long pause = BETWEEN_DRAWINGS.toMillis();
        Future<?> drawn =
                drawing.scheduleAtFixedRate(
                        () -> draw(running, ended), pause, pause, TimeUnit.MILLISECONDS);
        try {
            return work.get();
        } finally {
            drawn.cancel(false);
            drawing.shutdown();
            erase(ended);
        }
    }

    private synchronized void draw(Supplier<List<String>> running, AtomicBoolean ended) {
        if (!ended.get()) {
            area.draw(running);
        }
    }

    private synchronized void erase(AtomicBoolean ended) {
        ended.set(true);
        area.erase();
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
