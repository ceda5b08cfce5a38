package xlctl.shell;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import xlctl.controller.ExitCode;
import xlctl.shell.home.NewHome;
import xlctl.shell.settings.Key;
import xlctl.text.NewFile;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Networks;

/** {@code xlctl home DIR}: makes a home for a new cluster. */
@Command(
        name = "home",
        description = "Makes a home for a new cluster: settings, an SSH key, ZooKeeper identities.",
        mixinStandardHelpOptions = true)
final class HomeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(
            paramLabel = "DIR",
            description = "The directory; made if absent, nothing in it is overwritten.")
    private Path directory;

    @Option(
            names = "--cluster",
            required = true,
            paramLabel = "NAME",
            description = "The cluster's name.")
    private String cluster;

    @Option(
            names = "--zookeeper",
            required = true,
            paramLabel = "HOST:PORT[,...]",
            description = "The ZooKeeper servers.")
    private String zooKeeper;

    @Option(
            names = "--engine",
            defaultValue = "postgresql",
            paramLabel = "ENGINE",
            description = "The server software (default: ${DEFAULT-VALUE}).")
    private String engine;

    @Option(
            names = "--cluster-network",
            split = ",",
            paramLabel = "CIDR",
            description = "Networks of the cluster's own hosts (default: each host's own address).")
    private List<String> clusterNetworks = List.of();

    @Option(
            names = "--client-network",
            split = ",",
            paramLabel = "CIDR",
            description = "Networks from which clients may reach coordinators (default: none).")
    private List<String> clientNetworks = List.of();

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try {
            NewHome home =
                    new NewHome(
                            directory.toAbsolutePath().normalize(),
                            given("--cluster", () -> new ClusterName(cluster)),
                            given("--zookeeper", () -> Key.ZOOKEEPER.checked(zooKeeper)),
                            given("--engine", () -> EngineKind.parse(engine)),
                            Networks.plain(
                                    given("--cluster-network", () -> networks(clusterNetworks)),
                                    given("--client-network", () -> networks(clientNetworks))));
            if (!home.present().isEmpty()) {
                err.println(
                        "xlctl home: making a home in "
                                + home.directory()
                                + " is refused, because it has "
                                + home.present().stream()
                                        .map(file -> file.getFileName().toString())
                                        .collect(Collectors.joining(", "))
                                + ": choose another directory");
                return ExitCode.REFUSED.code();
            }
            home.create();
            out.println(
                    "Made "
                            + home.directory()
                            + ". Now copy to each host that shall run an agent:");
            out.println("  " + home.agentIdentity() + "  as its zookeeper-identity, mode 0600");
            out.println("  " + home.sshPublicKey() + "  into its authorized-keys");
            return ExitCode.DONE.code();
        } catch (InvalidValueException e) {
            err.println("xlctl home: " + e.getMessage());
            return ExitCode.MALFORMED.code();
        } catch (IOException e) {
            err.println(
                    "xlctl home: making a home in " + directory + " failed: " + NewFile.trouble(e));
            return ExitCode.NOT_AS_ASKED.code();
        }
    }

    /** What is wrong says of which option it is. */
    private static <T> T given(String option, Supplier<T> value) {
        try {
            return value.get();
        } catch (InvalidValueException e) {
            throw new InvalidValueException(option + ": " + e.getMessage());
        }
    }

    private static List<Cidr> networks(List<String> texts) {
        return texts.stream().map(Cidr::new).toList();
    }
}
