package xlctl.shell;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import xlctl.shell.settings.Key;

/** The options before the words. */
@Command(
        name = "xlctl",
        description = "Runs database clusters of the Postgres-XL kind.",
        synopsisHeading = "Usage: ",
        customSynopsis = {
            "xlctl [OPTION...] WORD...   one command, as in: xlctl monitor all",
            "       xlctl [OPTION...] -i FILE   a script",
            "       xlctl [OPTION...]           a prompt; a script where no terminal is"
        },
        footerHeading = "%n",
        footer = {
            "xlctl help explains the commands; xlctl config show, the settings.",
            "Exit codes: 0 done; 1 not as asked; 2 malformed; 3 unreachable; 4 refused."
        },
        sortOptions = false)
final class Options {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            description =
                    "where settings, keys and history are; else XLCTL_HOME, else /var/lib/xlctl for root, else ~/.xlctl")
    private String home;

    @Option(names = "--cluster", paramLabel = "NAME", description = "the cluster's name")
    private String cluster;

    @Option(
            names = "--zookeeper",
            paramLabel = "HOST:PORT,...",
            description = "the ZooKeeper servers")
    private String zooKeeper;

    @Option(
            names = "--output",
            paramLabel = "FORMAT",
            description = "how commands that read answer: text, json, yaml or tsv")
    private String output;

    @Option(
            names = "--wait",
            paramLabel = "DURATION",
            description =
                    "how long to wait while another shell changes the cluster, as in 2m; else the setting wait")
    private String wait;

    @Option(
            names = "--no-wait",
            description = "refuse at once while another shell changes the cluster")
    private boolean noWait;

    @Option(names = "--dry-run", description = "show what commands would do; change nothing")
    private boolean dryRun;

    @Option(
            names = "-i",
            paramLabel = "FILE",
            description =
                    "run the commands of a file, all of them understood before the first runs")
    private String script;

    @Option(
            names = "--keep-going",
            description = "in a script, go on after a failure; the exit code is the first one's")
    private boolean keepGoing;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "show the version")
    private boolean version;

    @Parameters(hidden = true)
    private List<String> words = new ArrayList<>();

    boolean help() {
        return help;
    }

    boolean version() {
        return version;
    }

    Optional<String> home() {
        return Optional.ofNullable(home);
    }

    /** The settings that were given as options. */
    Map<Key, String> settings() {
        Map<Key, String> settings = new EnumMap<>(Key.class);
        Optional.ofNullable(cluster).ifPresent(value -> settings.put(Key.CLUSTER, value));
        Optional.ofNullable(zooKeeper).ifPresent(value -> settings.put(Key.ZOOKEEPER, value));
        Optional.ofNullable(output).ifPresent(value -> settings.put(Key.OUTPUT, value));
        Optional.ofNullable(noWait ? "0s" : wait).ifPresent(value -> settings.put(Key.WAIT, value));
        return settings;
    }

    boolean waitsAndDoesNot() {
        return noWait && wait != null;
    }

    Optional<String> script() {
        return Optional.ofNullable(script);
    }

    boolean dryRun() {
        return dryRun;
    }

    boolean keepGoing() {
        return keepGoing;
    }

    List<String> words() {
        return List.copyOf(words);
    }
}
