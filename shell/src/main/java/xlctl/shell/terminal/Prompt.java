package xlctl.shell.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jline.keymap.KeyMap;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.Widget;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.DumbTerminal;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.Statement;
import xlctl.shell.script.ClusterControl;
import xlctl.shell.script.Interpreter;
import xlctl.shell.script.Item;
import xlctl.shell.script.MalformedScriptException;
import xlctl.shell.script.Script;
import xlctl.shell.settings.Settings;

/**
 * Reads lines from a person and does them one by one; several that are pasted together are a
 * script. Ctrl-C clears the line, ends the change that is under way, or leaves alone what only
 * reads; Ctrl-D quits.
 */
public final class Prompt {
    private static final String NAME = "xlctl";

    /** What the lines of a paste are called. */
    private static final String PASTED = "pasted";

    /**
     * What becomes of a Ctrl-D that is typed while a command works: no end of input can be kept for
     * a prompt that reads key by key, and termios(3) has this in its place.
     */
    private static final String EARLY_END = KeyMap.ctrl('@');

    /** Within that a prompt has read what was typed before it. */
    private static final Duration EARLY = Duration.ofMillis(100);

    /** Who hears of signals. */
    public interface Watcher {
        /**
         * @param interpreter what signals are for
         * @param wake as Ctrl-C: ends what the prompt is doing, or its wait for a line
         */
        void watch(Interpreter interpreter, Runnable wake);

        /** Whether one came that ends the session. */
        boolean leaving();
    }

    private final Terminal terminal;
    private final LineReader reader;
    private final Parser parser;
    private final Interpreter interpreter;
    private final LiveNamesCache names;
    private final Watcher watcher;
    private final String prompt;
    private final PrivateHistory history;
    private final Path historyFile;
    private long askedAt = System.nanoTime();

    private Prompt(
            Terminal terminal,
            Settings settings,
            Parser parser,
            Interpreter.Mode mode,
            Supplier<ClusterControl> connect,
            Watcher watcher,
            Palette palette) {
        this.terminal = terminal;
        this.parser = parser;
        this.watcher = watcher;
        this.prompt =
                settings.cluster().map(cluster -> NAME + " " + cluster).orElse(NAME)
                        + (mode == Interpreter.Mode.DRY_RUN ? " (dry run)" : "")
                        + "> ";
        this.names = new LiveNamesCache(this::cluster);
        this.history = new PrivateHistory(settings.home().history());
        this.historyFile = settings.home().history();
        this.reader =
                reader(
                        terminal,
                        settings.home().history(),
                        history,
                        new WordCompleter(names, new FileNames(Path.of("").toAbsolutePath())),
                        palette);
        takeEarlyEnd();
        this.interpreter =
                new Interpreter(
                        settings, new TerminalConsole(terminal, reader, palette), mode, connect);
    }

    /** Runs until the person quits. */
    public static ExitCode run(
            Settings settings,
            Parser parser,
            Interpreter.Mode mode,
            Supplier<ClusterControl> connect,
            Watcher watcher,
            Palette palette) {
        try (Terminal terminal =
                TerminalBuilder.builder().name(NAME).system(true).dumb(true).build()) {
            run(terminal, settings, parser, mode, connect, watcher, palette);
            return ExitCode.DONE;
        } catch (IOException e) {
            throw new UncheckedIOException("the terminal cannot be used", e);
        }
    }

    static void run(
            Terminal terminal,
            Settings settings,
            Parser parser,
            Interpreter.Mode mode,
            Supplier<ClusterControl> connect,
            Watcher watcher,
            Palette palette) {
        Prompt prompt = new Prompt(terminal, settings, parser, mode, connect, watcher, palette);
        watcher.watch(prompt.interpreter, () -> terminal.raise(Terminal.Signal.INT));
        try {
            prompt.loop();
        } finally {
            prompt.names.close();
            prompt.interpreter.close();
        }
    }

    private ClusterControl cluster() {
        return interpreter.cluster();
    }

    private void loop() {
        showNoControlCharacters();
        terminal.handle(Terminal.Signal.INT, signal -> interpreter.interrupt());
        if (terminal instanceof DumbTerminal) {
            // It hears Ctrl-C only while it reads.
            ProcessSignal.INTERRUPT.does(() -> terminal.raise(Terminal.Signal.INT));
        }
        names.refresh();
        boolean open = true;
        while (open && !watcher.leaving()) {
            try {
                askedAt = System.nanoTime();
                String text = reader.readLine(prompt);
                history.newTrouble().ifPresent(this::tellOfHistory);
                // A Ctrl-C that came with the end of the line was for the line.
                open = Thread.interrupted() || done(text);
            } catch (UserInterruptException e) {
                open = true; // Ctrl-C clears the line.
            } catch (EndOfFileException | IOError e) {
                open = false; // The person, or the terminal, has gone.
            }
        }
    }

    private void takeEarlyEnd() {
        Widget end =
                () -> {
                    boolean early = System.nanoTime() - askedAt < EARLY.toNanos();
                    if (early && reader.getBuffer().length() == 0) {
                        reader.runMacro(KeyMap.ctrl('D'));
                    } else {
                        reader.callWidget(LineReader.SET_MARK_COMMAND);
                    }
                    return true;
                };
        reader.getKeyMaps().get(LineReader.MAIN).bind(end, EARLY_END);
    }

    private void tellOfHistory(String why) {
        print(List.of("The history is not kept in " + historyFile + " any more: " + why));
    }

    /** Else Ctrl-C is in the way of what is told about it. */
    private void showNoControlCharacters() {
        Attributes attributes = terminal.getAttributes();
        attributes.setLocalFlag(Attributes.LocalFlag.ECHOCTL, false);
        terminal.setAttributes(attributes);
    }

    /** Does a line, or several that were pasted; false when the session is over. */
    private boolean done(String text) {
        if (text.strip().indexOf('\n') >= 0) {
            return pasted(text);
        }
        Parsed parsed = parser.parse(Line.read(text.stripTrailing()));
        if (parsed instanceof Parsed.Malformed malformed) {
            print(malformed.lines(NAME));
        } else if (parsed instanceof Parsed.Understood understood) {
            return done(List.of(new Item(NAME, understood.statement())));
        }
        return true;
    }

    /** All or, where one of them says nothing, none. */
    private boolean pasted(String text) {
        try {
            return done(Script.read(text.getBytes(UTF_8), PASTED, parser).items());
        } catch (MalformedScriptException e) {
            print(e.lines());
            print(List.of(NAME + ": nothing of what was pasted was run"));
            return true;
        }
    }

    private boolean done(List<Item> items) {
        Optional<Item> last = interpreter.runUntilQuit(items);
        boolean changed =
                items.stream()
                        .anyMatch(
                                item ->
                                        item.statement() instanceof Statement.Change
                                                || item.statement()
                                                        instanceof Statement.AcceptHost);
        if (changed) {
            names.refresh();
        }
        return last.isEmpty();
    }

    private void print(List<String> lines) {
        lines.forEach(terminal.writer()::println);
        terminal.flush();
    }

    private static LineReader reader(
            Terminal terminal,
            Path file,
            PrivateHistory history,
            WordCompleter completer,
            Palette palette) {
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName(NAME)
                        .parser((line, cursor, context) -> new TypedLine(line, cursor))
                        .completer(completer)
                        .highlighter(new LineColours(palette))
                        .history(history)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                        .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                        .option(LineReader.Option.HISTORY_REDUCE_BLANKS, false)
                        .option(LineReader.Option.CASE_INSENSITIVE, true)
                        .option(LineReader.Option.COMPLETE_MATCHER_TYPO, false)
                        .variable(LineReader.HISTORY_SIZE, 2000)
                        .variable(LineReader.HISTORY_FILE_SIZE, 2000)
                        .variable(LineReader.BELL_STYLE, "none");
        Optional<String> trouble = HistoryFile.prepare(file);
        if (trouble.isEmpty()) {
            builder.variable(LineReader.HISTORY_FILE, file);
        } else {
            terminal.writer()
                    .println("The history will not be kept in " + file + ": " + trouble.get());
        }
        return builder.build();
    }
}
