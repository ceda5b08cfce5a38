package xlctl.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import xlctl.controller.ExitCode;
import xlctl.shell.answer.Format;
import xlctl.shell.reference.ManPages;
import xlctl.shell.reference.ProgramOptions;
import xlctl.shell.reference.ShellCompletion;
import xlctl.shell.settings.ProgramVersion;
import xlctl.text.NewFile;

/** {@code xlctl completion}: what shells and man know of xlctl. */
@Command(
        name = "completion",
        description = {
            "Prints the script by which bash or zsh completes the words of xlctl; or installs",
            "both, and manual pages, below DIR/share."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class CompletionCommand implements Callable<Integer> {
    /** The shells there are scripts for. */
    enum Shell {
        BASH,
        ZSH;

        String script(ProgramOptions options) {
            return switch (this) {
                case BASH -> ShellCompletion.bash(options);
                case ZSH -> ShellCompletion.zsh(options);
            };
        }
    }

    @Spec private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "bash|zsh", description = "print its script")
    private String shell;

    @Option(
            names = "--install",
            paramLabel = "DIR",
            description = "write them below a directory, as in /usr/local or ~/.local")
    private Path directory;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Optional<Shell> named =
                Stream.of(Shell.values()).filter(each -> word(each).equals(shell)).findFirst();
        if ((shell == null) == (directory == null) || shell != null && named.isEmpty()) {
            err.println("xlctl: completion: give bash, zsh or --install DIR");
            return ExitCode.MALFORMED.code();
        }
        ProgramOptions options = options(spec.parent());
        if (named.isPresent()) {
            out.print(named.get().script(options));
            out.flush();
            return ExitCode.DONE.code();
        }
        try {
            install(options, directory.toAbsolutePath().normalize().resolve("share"), out);
            return ExitCode.DONE.code();
        } catch (IOException e) {
            err.println(
                    "xlctl: completion: "
                            + directory
                            + " cannot be written to: "
                            + NewFile.trouble(e)
                            + " (name a directory of yours, as in ~/.local)");
            return ExitCode.NOT_AS_ASKED.code();
        }
    }

    private static void install(ProgramOptions options, Path share, PrintWriter out)
            throws IOException {
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(Path.of("bash-completion", "completions", "xlctl"), Shell.BASH.script(options));
        files.put(Path.of("zsh", "site-functions", "_xlctl"), Shell.ZSH.script(options));
        ManPages.of(options, ProgramVersion.number())
                .forEach((name, page) -> files.put(Path.of("man", "man1", name), page));
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Path path = share.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            NewFile.replacing(path, file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        out.println("Installed completion for bash and zsh, and manual pages, below " + share);
        out.println("A new bash completes by itself where bash-completion is installed; else:");
        out.println("  . " + share.resolve("bash-completion/completions/xlctl"));
        out.println("zsh needs " + share.resolve("zsh/site-functions") + " in fpath.");
    }

    /** As the program's annotations have them. */
    static ProgramOptions options(CommandSpec program) {
        return new ProgramOptions(
                options(program.options()),
                program.subcommands().values().stream()
                        .map(command -> subcommand(command.getCommandSpec()))
                        .toList());
    }

    private static ProgramOptions.Subcommand subcommand(CommandSpec command) {
        return new ProgramOptions.Subcommand(
                command.name(),
                command.name() + " --help",
                String.join(" ", command.usageMessage().description()),
                options(command.options()),
                command.userObject() instanceof CompletionCommand
                        ? Stream.of(Shell.values()).map(CompletionCommand::word).toList()
                        : List.of());
    }

    private static List<ProgramOptions.Option> options(List<OptionSpec> options) {
        return options.stream()
                .map(
                        option ->
                                new ProgramOptions.Option(
                                        List.of(option.names()),
                                        option.arity().max() == 0 ? "" : option.paramLabel(),
                                        option.longestName().equals("--output")
                                                ? Format.words()
                                                : List.of(),
                                        String.join(" ", option.description())))
                .toList();
    }

    private static String word(Shell shell) {
        return shell.name().toLowerCase(Locale.ROOT);
    }
}
