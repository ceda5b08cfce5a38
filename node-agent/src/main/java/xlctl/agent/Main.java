package xlctl.agent;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.config.AgentConfigFile;
import xlctl.lookup.HostLookup;
import xlctl.text.Quoted;
import xlctl.topology.Problem;
import xlctl.yaml.YamlException;

/**
 * The program {@code xlctl-agent}. Exit codes: 0 asked for help or version; 2 the command line or
 * the configuration is malformed; 3 it cannot listen; 4 refused, as for root or for a second agent
 * of one host, or on one state directory or data root; 143 ended by SIGTERM.
 */
public final class Main {
    private static final String USAGE =
            """
            Usage: xlctl-agent --config FILE

            Runs the node agent of this host until it is told to end (SIGTERM).

              --config FILE  its configuration; examples/agent.yaml shows every key
              --help         print this
              --version      print the version
            """;

    private Main() {}

    public static void main(String[] arguments) {
        HostLookup.keepNothing();
        AgentLog.install();
        int exitCode = run(Arrays.asList(arguments), System.out, System.err);
        System.exit(exitCode);
    }

    /** Returns only when the agent could not start or nothing was to be started. */
    static int run(List<String> arguments, PrintStream out, PrintStream err) {
        if (arguments.equals(List.of("--help")) || arguments.equals(List.of("-h"))) {
            out.print(USAGE);
            return 0;
        }
        if (arguments.equals(List.of("--version"))) {
            out.println("xlctl-agent " + version());
            return 0;
        }
        if (arguments.size() != 2 || !arguments.get(0).equals("--config")) {
            err.println(
                    "xlctl-agent: expected --config FILE, found "
                            + (arguments.isEmpty()
                                    ? "nothing"
                                    : Quoted.line(String.join(" ", arguments))));
            err.print(USAGE);
            return StartRefusedException.MALFORMED;
        }
        try {
            serve(read(arguments.get(1)));
            return 0;
        } catch (StartRefusedException e) {
            e.getMessage().lines().forEach(line -> err.println("xlctl-agent: " + line));
            return e.exitCode();
        } catch (IOException e) {
            err.println("xlctl-agent: cannot start: " + e.getMessage());
            return StartRefusedException.REFUSED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static AgentConfig read(String file) throws StartRefusedException {
        try {
            return AgentConfigFile.read(Path.of(file));
        } catch (YamlException e) {
            throw new StartRefusedException(
                    StartRefusedException.MALFORMED,
                    e.problems().stream().map(problem -> Problem.of(problem, "")).toList());
        } catch (NoSuchFileException e) {
            throw new StartRefusedException(
                    StartRefusedException.MALFORMED,
                    Problem.of(file + " is not there", "name the configuration file"));
        } catch (IOException e) {
            throw new StartRefusedException(
                    StartRefusedException.MALFORMED,
                    Problem.of(file + " cannot be read: " + e.getMessage(), ""));
        } catch (InvalidPathException e) {
            throw new StartRefusedException(
                    StartRefusedException.MALFORMED,
                    Problem.of(Quoted.of(file) + " is not a path: " + e.getReason(), ""));
        }
    }

    private static void serve(AgentConfig config)
            throws IOException, StartRefusedException, InterruptedException {
        Agent agent = Agent.start(config, version());
        Logger log = LoggerFactory.getLogger(Main.class);
        Runtime.getRuntime()
                .addShutdownHook(
                        new Thread(
                                () -> {
                                    log.info(
                                            "ending; the servers: {}",
                                            config.onTerminate().name().toLowerCase(Locale.ROOT));
                                    agent.close();
                                    log.info("ended");
                                },
                                "agent-end"));
        Problem rival = agent.awaitRival();
        agent.close();
        throw new StartRefusedException(StartRefusedException.REFUSED, rival);
    }

    private static String version() {
        try (InputStream in = Main.class.getResourceAsStream("version.properties")) {
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException("reading the version of this program", e);
        }
    }
}
