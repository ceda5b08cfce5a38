package xlctl.shell;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import xlctl.shell.render.Screen;
import xlctl.shell.script.Console;
import xlctl.text.FileTrouble;

/** Plain lines on standard output and standard error. */
final class StreamConsole implements Console {
    private final PrintStream out;
    private final PrintStream err;
    private final Path history;
    private final boolean isTerminal;
    private final boolean canAsk;
    private final Supplier<Screen> screen;

    /**
     * @param screen what lines may look like; asked for when it matters
     */
    StreamConsole(
            PrintStream out,
            PrintStream err,
            Path history,
            boolean isTerminal,
            boolean canAsk,
            Supplier<Screen> screen) {
        this.out = out;
        this.err = err;
        this.history = history;
        this.isTerminal = isTerminal;
        this.canAsk = canAsk;
        this.screen = screen;
    }

    @Override
    public boolean isTerminal() {
        return isTerminal;
    }

    @Override
    public Screen screen() {
        return screen.get();
    }

    @Override
    public boolean isBroken() {
        return out.checkError();
    }

    @Override
    public void print(String line) {
        out.println(line);
    }

    @Override
    public void report(String line) {
        err.println(line);
    }

    @Override
    public Optional<Boolean> confirm(String question) {
        if (!canAsk) {
            return Optional.empty();
        }
        String answer = System.console().readLine("%s", question);
        return Optional.of(answer != null && answer.strip().matches("(?i)y|yes"));
    }

    @Override
    public Optional<String> secret(String question) {
        return canAsk
                ? Optional.ofNullable(System.console().readPassword("%s", question))
                        .map(String::new)
                : Optional.empty();
    }

    @Override
    public List<String> history() {
        try {
            // The prompt doubles backslashes in its file.
            return Files.readAllLines(history).stream()
                    .map(line -> line.replace("\\\\", "\\"))
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (IOException e) {
            report("The history " + history + " cannot be read: " + FileTrouble.of(e));
            return List.of();
        }
    }
}
