package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import xlctl.agent.engine.EngineException;
import xlctl.topology.HostPort;
import xlctl.topology.ServerRole;

/** A server of the cluster from which definitions are taken. */
public final class DefinitionsServer {
    private static final Duration DUMP_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration PAUSE = Duration.ofMillis(700);
    private static final Duration PATIENCE = Duration.ofMillis(2500);

    /** By then its agent has seen that this host is registered. */
    private static final Duration PATIENCE_TO_BE_LET_IN = Duration.ofSeconds(45);

    private final HostPort address;
    private final ServerRole role;
    private final Function<String, Path> programs;
    private final Path file;
    private final Map<String, String> environment;

    /**
     * @param environment what the programs need of it to log in
     */
    DefinitionsServer(
            HostPort address,
            ServerRole role,
            Function<String, Path> programs,
            Path file,
            Map<String, String> environment) {
        this.address = address;
        this.role = role;
        this.programs = programs;
        this.file = file;
        this.environment = Map.copyOf(environment);
    }

    public HostPort address() {
        return address;
    }

    /** The rows of a query, as psql shows them unaligned. */
    public String rows(String database, String query)
            throws EngineException, IOException, InterruptedException {
        return read(
                "psql",
                "--output",
                List.of(
                        "--no-psqlrc",
                        "--tuples-only",
                        "--no-align",
                        "--set=ON_ERROR_STOP=1",
                        "--dbname=" + connection(database),
                        "--command=" + query));
    }

    /** What a program for dumps writes. */
    public String dump(String program, List<String> options)
            throws EngineException, IOException, InterruptedException {
        return read(program, "--file", options);
    }

    /** A database's name as libpq takes it wherever it takes a connection string, too. */
    public static String connection(String database) {
        return "dbname='" + database.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** A node that is just learning of other nodes, or of this host, may refuse at first. */
    private String read(String program, String intoFile, List<String> options)
            throws EngineException, IOException, InterruptedException {
        List<String> arguments = new ArrayList<>();
        arguments.add(programs.apply(program).toString());
        arguments.addAll(options);
        arguments.addAll(
                List.of(
                        "--no-password",
                        "--host=" + address.host(),
                        "--port=" + address.port(),
                        "--username=" + role.roleName(),
                        intoFile + "=" + file));
        long begun = System.nanoTime();
        ProgramRun run = run(arguments);
        while (!run.succeeded() && System.nanoTime() - begun < patience(run).toNanos()) {
            Thread.sleep(PAUSE.toMillis());
            run = run(arguments);
        }
        if (!run.succeeded()) {
            throw new EngineException(
                    "the definitions of " + address + " could not be dumped: " + run.conclusion(),
                    "see that the node runs, and that this host is in networks.cluster",
                    null);
        }
        return Files.readString(file);
    }

    private static Duration patience(ProgramRun run) {
        return run.output().contains(HbaFile.NAME) ? PATIENCE_TO_BE_LET_IN : PATIENCE;
    }

    private ProgramRun run(List<String> arguments) throws IOException, InterruptedException {
        return ProgramRun.of(arguments, environment, Path.of("/dev/null"), DUMP_TIMEOUT);
    }
}
