package xlctl.shell.terminal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Supplier;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.Statement;
import xlctl.shell.script.ClusterControl;
import xlctl.shell.script.Interpreter;
import xlctl.shell.script.Item;
import xlctl.shell.settings.Settings;

/**
 * Reads lines from a person and does them one by one. Ctrl-C clears the line, or ends the operation
 * that is under way; Ctrl-D quits.
 */
public final class Prompt {
    private static final String NAME = "xlctl";

    private final Terminal terminal;
    private final LineReader reader;
    private final Parser parser;
    private final Interpreter interpreter;
    private final LiveNamesCache names;
    private final String prompt;

    private Prompt(
            Terminal terminal,
            Settings settings,
            Parser parser,
            Interpreter.Mode mode,
            Supplier<ClusterControl> connect) {
        this.terminal = terminal;
        this.parser = parser;
        this.prompt =
                settings.cluster().map(cluster -> NAME + " " + cluster).orElse(NAME)
                        + (mode == Interpreter.Mode.DRY_RUN ? " (dry run)" : "")
                        + "> ";
        this.names = new LiveNamesCache();
        this.reader = reader(terminal, settings.home().history(), new WordCompleter(names));
        this.interpreter =
                new Interpreter(settings, new TerminalConsole(terminal, reader), mode, connect);
    }

    /** Runs until the person quits. */
    public static ExitCode run(
            Settings settings,
            Parser parser,
            Interpreter.Mode mode,
            Supplier<ClusterControl> connect) {
        try (Terminal terminal =
                TerminalBuilder.builder().name(NAME).system(true).dumb(true).build()) {
            run(terminal, settings, parser, mode, connect);
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
            Supplier<ClusterControl> connect) {
        Prompt prompt = new Prompt(terminal, settings, parser, mode, connect);
        try {
            prompt.loop();
        } finally {
            prompt.names.close();
            prompt.interpreter.close();
        }
    }

    private void loop() {
        terminal.handle(Terminal.Signal.INT, signal -> interpreter.cancel());
        names.refresh(interpreter::cluster);
        boolean open = true;
        while (open) {
            try {
                open = done(reader.readLine(prompt));
            } catch (UserInterruptException e) {
                open = true; // Ctrl-C clears the line.
            } catch (EndOfFileException e) {
                open = false;
            }
        }
    }

    /** Does a line; false when it was the last. */
    private boolean done(String text) {
        Parsed parsed = parser.parse(Line.read(text));
        if (parsed instanceof Parsed.Malformed malformed) {
            malformed.lines(NAME).forEach(terminal.writer()::println);
            terminal.flush();
        } else if (parsed instanceof Parsed.Understood understood) {
            if (understood.statement() instanceof Statement.Quit) {
                return false;
            }
            interpreter.run(List.of(new Item(NAME, understood.statement())));
            if (understood.statement() instanceof Statement.Change
                    || understood.statement() instanceof Statement.AcceptHost) {
                names.refresh(interpreter::cluster);
            }
        }
        return true;
    }

    private static LineReader reader(Terminal terminal, Path history, WordCompleter completer) {
        DefaultParser words = new DefaultParser();
        words.setEscapeChars(null);
        words.setEofOnUnclosedQuote(false);
        LineReaderBuilder builder =
                LineReaderBuilder.builder()
                        .terminal(terminal)
                        .appName(NAME)
                        .parser(words)
                        .completer(completer)
                        .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                        .option(LineReader.Option.HISTORY_TIMESTAMPED, false)
                        .option(LineReader.Option.HISTORY_IGNORE_DUPS, true)
                        .option(LineReader.Option.HISTORY_REDUCE_BLANKS, false)
                        .option(LineReader.Option.CASE_INSENSITIVE, true)
                        .variable(LineReader.HISTORY_SIZE, 2000)
                        .variable(LineReader.HISTORY_FILE_SIZE, 2000)
                        .variable(LineReader.BELL_STYLE, "none");
        if (prepared(history, terminal)) {
            builder.variable(LineReader.HISTORY_FILE, history);
        }
        return builder.build();
    }

    /** Makes the history's file, readable by nobody else; without one, the prompt still works. */
    private static boolean prepared(Path history, Terminal terminal) {
        try {
            Files.createDirectories(
                    history.getParent(),
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            try {
                Files.createFile(
                        history,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
            } catch (FileAlreadyExistsException e) {
                Files.setPosixFilePermissions(
                        history, PosixFilePermissions.fromString("rw-------"));
            }
            return true;
        } catch (IOException e) {
            terminal.writer().println("The history will not be kept in " + history + ": " + e);
            return false;
        }
    }
}
