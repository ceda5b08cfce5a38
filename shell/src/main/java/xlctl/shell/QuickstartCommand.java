package xlctl.shell;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import xlctl.controller.ExitCode;
import xlctl.shell.quickstart.Quickstart;
import xlctl.shell.quickstart.QuickstartException;
import xlctl.shell.settings.Home;
import xlctl.text.FileTrouble;
import xlctl.topology.EngineKind;
import xlctl.topology.InvalidValueException;

/** {@code xlctl quickstart}. */
@Command(
        name = "quickstart",
        description = {
            "Makes a cluster of one GTM, three coordinators and three datanodes on this machine,",
            "on 127.0.1.1 to 127.0.1.7, and leaves it running. Run again, it says what is there",
            "and starts what is not running."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class QuickstartCommand implements Callable<Integer> {
    private final Map<String, String> environment;
    private final ToIntFunction<String[]> xlctl;

    @Spec private CommandSpec spec;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "where all of it lies, and the home of the shell (default: the default home)")
    private String directory;

    @Option(
            names = "--user",
            paramLabel = "USER",
            description =
                    "who agents and servers run as when root runs this (default: "
                            + Quickstart.DEFAULT_USER
                            + ")")
    private String user;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description =
                    "the server software: postgresql, postgres-xl or opentenbase (default: postgresql)")
    private String engine;

    @Option(
            names = "--engine-home",
            paramLabel = "PATH",
            description = "the directory whose bin has the programs of postgres-xl or opentenbase")
    private Path engineHome;

    @Option(
            names = "--down",
            description = "stop and remove what the quickstart made, and nothing else")
    private boolean down;

    /**
     * @param xlctl runs xlctl with arguments, and answers its exit code
     */
    QuickstartCommand(Map<String, String> environment, ToIntFunction<String[]> xlctl) {
        this.environment = environment;
        this.xlctl = xlctl;
    }

    @Override
    public Integer call() {
        Path home = Home.find(Optional.ofNullable(directory), environment).directory();
        try {
            Quickstart quickstart =
                    new Quickstart(
                            home,
                            Optional.ofNullable(user),
                            Optional.ofNullable(engine).map(EngineKind::parse),
                            Optional.ofNullable(engineHome)
                                    .map(path -> path.toAbsolutePath().normalize()),
                            xlctl,
                            spec.commandLine().getOut());
            return (down ? quickstart.down() : quickstart.up()).code();
        } catch (QuickstartException e) {
            spec.commandLine().getErr().println("quickstart: " + e.getMessage());
            return e.exit().code();
        } catch (InvalidValueException e) {
            spec.commandLine().getErr().println("quickstart: " + e.getMessage());
            return ExitCode.MALFORMED.code();
        } catch (AccessDeniedException e) {
            spec.commandLine()
                    .getErr()
                    .println(
                            "quickstart: permission denied: "
                                    + e.getFile()
                                    + "; run it as the user whom that belongs to, or choose another"
                                    + " directory with --dir");
            return ExitCode.REFUSED.code();
        } catch (NoSuchFileException e) {
            spec.commandLine()
                    .getErr()
                    .println("quickstart: " + e.getFile() + " cannot be made or is not there");
            return ExitCode.NOT_AS_ASKED.code();
        } catch (IOException e) {
            spec.commandLine().getErr().println("quickstart: " + FileTrouble.named(e));
            return ExitCode.NOT_AS_ASKED.code();
        }
    }
}
