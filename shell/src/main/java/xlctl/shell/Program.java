package xlctl.shell;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine;
import xlctl.controller.ControllerSettings;
import xlctl.controller.ExitCode;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.render.Screen;
import xlctl.shell.script.ClusterControl;
import xlctl.shell.script.Console;
import xlctl.shell.script.Debug;
import xlctl.shell.script.Failure;
import xlctl.shell.script.Interpreter;
import xlctl.shell.script.Item;
import xlctl.shell.script.Script;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.shell.terminal.Palette;
import xlctl.shell.terminal.Prompt;
import xlctl.text.NearNames;
import xlctl.text.Quoted;
import xlctl.text.TextFile;
import xlctl.topology.InvalidValueException;

/** One run of xlctl, from its arguments to its exit code. */
final class Program {
    /** What messages begin with that belong to no line of a script. */
    private static final String NAME = "xlctl";

    /**
     * The commands that are not of the language, and who lists them. Where none of these words is,
     * they are left out: to read their annotations takes longer than to read those of the options.
     */
    private static final Set<String> BESIDE_THE_LANGUAGE =
            Set.of("quickstart", "home", "completion", "-h", "--help");

    private final Map<String, String> environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;
    private final boolean terminal;
    private final Function<ControllerSettings, ClusterControl> connect;
    private final Interruption interruption;

    /**
     * @param terminal whether a person sits at {@code in} and {@code out}
     * @param connect reaches the cluster, when a command needs it
     */
    Program(
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            boolean terminal,
            Function<ControllerSettings, ClusterControl> connect,
            Interruption interruption) {
        this.environment = Map.copyOf(environment);
        this.in = requireNonNull(in, "in is null");
        this.out = requireNonNull(out, "out is null");
        this.err = requireNonNull(err, "err is null");
        this.terminal = terminal;
        this.connect = requireNonNull(connect, "connect is null");
        this.interruption = requireNonNull(interruption, "interruption is null");
    }

    int run(String... arguments) {
        Options options = new Options();
        CommandLine commandLine =
                Stream.of(arguments).anyMatch(BESIDE_THE_LANGUAGE::contains)
                        ? commandLine(options, new QuickstartCommand(environment, this::run))
                        : commandLine(options);
        commandLine
                .setUsageHelpWidth(80)
                .setExecutionStrategy(parsed -> execute(commandLine, parsed, options))
                .setExecutionExceptionHandler(
                        (e, line, parsed) ->
                                failed(
                                                e instanceof RuntimeException known
                                                        ? known
                                                        : new IllegalStateException(e))
                                        .code())
                .setParameterExceptionHandler(
                        (e, args) -> malformed(message(e), e.getCommandLine()))
                .setOut(new PrintWriter(out, true, StandardCharsets.UTF_8))
                .setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        return commandLine.execute(arguments);
    }

    /** The options, and the commands that are not of the language. */
    static CommandLine commandLine(Options options, QuickstartCommand quickstart) {
        return commandLine(options)
                .addSubcommand(quickstart)
                .addSubcommand(new HomeCommand())
                .addSubcommand(new CompletionCommand());
    }

    private static CommandLine commandLine(Options options) {
        // What comes after the first word is the language's, but for those commands.
        return new CommandLine(options).setStopAtPositional(true);
    }

    private int execute(CommandLine commandLine, CommandLine.ParseResult parsed, Options options) {
        if (options.help()) {
            commandLine.usage(out);
            return ExitCode.DONE.code();
        }
        if (options.version()) {
            out.println(Version.text());
            return ExitCode.DONE.code();
        }
        if (parsed.hasSubcommand()) {
            return new CommandLine.RunLast().execute(parsed);
        }
        if (options.script().isPresent() && !options.words().isEmpty()) {
            return malformed("-i FILE and the words of a command exclude each other", commandLine);
        }
        if (options.dryRun() && options.keepGoing()) {
            return malformed("--dry-run and --keep-going exclude each other", commandLine);
        }
        if (options.waitsAndDoesNot()) {
            return malformed("--wait and --no-wait exclude each other", commandLine);
        }
        try {
            Home home = Home.find(options.home(), environment);
            Settings settings = Settings.read(home, environment, options.settings());
            boolean canAsk = terminal && !options.words().isEmpty();
            return run(
                    options,
                    settings,
                    new StreamConsole(
                            out,
                            err,
                            home.history(),
                            terminal,
                            canAsk,
                            terminal
                                    ? () -> TerminalScreen.of(environment)
                                    : () -> Screen.plain(environment)));
        } catch (RuntimeException e) {
            return failed(e).code();
        }
    }

    private ExitCode failed(RuntimeException e) {
        Failure failure = Failure.of(e, NAME);
        failure.lines().forEach(err::println);
        Debug.trace(e, err::println);
        return failure.exit();
    }

    private int run(Options options, Settings settings, Console console) {
        Parser parser = new Parser(TextFiles.below(Path.of("").toAbsolutePath()));
        if (options.script().isPresent()) {
            String name = options.script().get();
            return items(options, settings, console, Script.read(read(name), name, parser).items());
        }
        if (!options.words().isEmpty()) {
            Parsed parsed = parser.parse(Line.of(options.words()));
            if (parsed instanceof Parsed.Malformed malformed) {
                console.report(malformed.lines(NAME));
                return ExitCode.MALFORMED.code();
            }
            return parsed instanceof Parsed.Understood understood
                    ? items(
                            options,
                            settings,
                            console,
                            List.of(new Item(NAME, understood.statement())))
                    : ExitCode.DONE.code();
        }
        if (terminal) {
            return Prompt.run(
                            settings,
                            parser,
                            mode(options),
                            cluster(settings),
                            interruption,
                            Palette.of(environment))
                    .code();
        }
        return items(
                options,
                settings,
                console,
                Script.read(readStandardInput(), "<stdin>", parser).items());
    }

    private int items(Options options, Settings settings, Console console, List<Item> items) {
        try (Interpreter interpreter =
                new Interpreter(settings, console, mode(options), cluster(settings))) {
            interruption.watch(interpreter);
            return interpreter.run(items).code();
        }
    }

    private Supplier<ClusterControl> cluster(Settings settings) {
        return () -> connect.apply(settings.forController());
    }

    private static Interpreter.Mode mode(Options options) {
        if (options.dryRun()) {
            return Interpreter.Mode.DRY_RUN;
        }
        return options.keepGoing() ? Interpreter.Mode.KEEP_GOING : Interpreter.Mode.STOP_AT_FAILURE;
    }

    private static byte[] read(String name) {
        try {
            return TextFile.bytes(Path.of(name), Script.MAX_BYTES);
        } catch (NoSuchFileException e) {
            throw new InvalidValueException("there is no script " + Quoted.of(name));
        } catch (InvalidPathException e) {
            throw unreadable(name, "this is not a path: " + e.getReason());
        } catch (IOException e) {
            throw unreadable(name, e.getMessage());
        }
    }

    private static InvalidValueException unreadable(String name, String why) {
        return new InvalidValueException(
                "the script " + Quoted.of(name) + " cannot be read: " + why);
    }

    private byte[] readStandardInput() {
        try {
            return TextFile.bytes(in, Script.MAX_BYTES);
        } catch (IOException e) {
            throw new InvalidValueException("standard input cannot be read: " + e.getMessage());
        }
    }

    private static String message(CommandLine.ParameterException e) {
        if (!(e instanceof CommandLine.UnmatchedArgumentException unmatched)) {
            return e.getMessage();
        }
        String first = unmatched.getUnmatched().get(0);
        if (!unmatched.isUnknownOption()) {
            return Quoted.of(first) + " is too much: the command ends before it";
        }
        List<String> known = List.copyOf(e.getCommandLine().getCommandSpec().optionsMap().keySet());
        String question = NearNames.question(first, known);
        return "there is no option "
                + Quoted.of(first)
                + (question.isEmpty() ? "" : ": " + question);
    }

    private int malformed(String message, CommandLine of) {
        String name = of.getCommandSpec().qualifiedName();
        err.println(name + ": " + Quoted.line(message));
        err.println(
                name
                        + " --help shows the options"
                        + (name.equals(NAME) ? "; xlctl help, the commands." : "."));
        return ExitCode.MALFORMED.code();
    }
}
