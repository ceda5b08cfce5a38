package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ProcessIdentity;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * Takes what all nodes share from another node into the data directory of a new one: dumped over
 * the network, and loaded by a server that takes definitions and listens on its local socket only.
 */
public final class DefinitionsCopy {
    /** A server that takes definitions is started with these, and no other is. */
    public static final List<String> LOCAL_ONLY = List.of("-c", "listen_addresses=");

    private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 20;
    private static final String OPTIONS_FILE = "postmaster.opts";

    /**
     * Is there from before the first statement is loaded. Who asks again had no answer, and may
     * have let definitions change since then.
     */
    private static final String LOADED = "definitions.loaded";

    private final Software software;
    private final Site site;
    private final ServerProcesses processes;
    private final Path file;
    private final Path password;

    /** What an engine's servers are, as far as a copy needs it. */
    public interface Software {
        void initialise(Site site, Consumer<String> progress)
                throws EngineException, InterruptedException;

        ServerCommand command(Site site);

        /** The server that takes definitions, started with {@link #LOCAL_ONLY}. */
        ServerCommand restoring(Site site);

        void clearRemains(Site site) throws IOException;

        String lastWords(Site site);

        /** Where a program of the engine's is. */
        Path program(String name);

        /** What psql sees of the environment while it loads. */
        default Map<String, String> loading() {
            return Map.of();
        }
    }

    /** How an engine's definitions are asked for. */
    @FunctionalInterface
    public interface Dump {
        /**
         * What a new node is to load, as psql takes it; empty when the source has nothing that the
         * new node does not have from the beginning.
         */
        Optional<String> of(DefinitionsServer source)
                throws EngineException, IOException, InterruptedException;
    }

    public DefinitionsCopy(Software software, Site site, ServerProcesses.Signaller signaller) {
        this.software = software;
        this.site = site;
        this.processes = new ServerProcesses(signaller);
        this.file = site.stateDirectory().resolve("definitions.sql");
        this.password = site.stateDirectory().resolve("definitions.pgpass");
    }

    /**
     * Whether a server that was left behind on a data directory only took definitions: it is
     * nobody's server.
     */
    public static boolean takesDefinitions(Site site) {
        try {
            return Files.readString(site.dataDirectory().resolve(OPTIONS_FILE))
                    .contains(LOCAL_ONLY.get(1));
        } catch (IOException neverStarted) {
            return false;
        }
    }

    /**
     * @param login the role that is logged in as at the source, and its password
     */
    public void from(
            HostPort source,
            Map.Entry<ServerRole, Secret> login,
            Dump dump,
            Consumer<String> progress)
            throws EngineException, InterruptedException {
        try {
            endLeftBehind();
            beginAnew(progress);
            progress.accept("dumping the definitions of " + source);
            // A file of the agent's alone before the first word is in it.
            DurableFile.write(file, "");
            DurableFile.write(
                    password, PasswordFile.text(Map.of(login.getKey(), login.getValue())));
            Optional<String> definitions =
                    dump.of(
                            new DefinitionsServer(
                                    source, login.getKey(), software::program, file, loggingIn()));
            if (definitions.isPresent()) {
                progress.accept("loading the definitions of " + source);
                load(definitions.get());
            }
        } catch (IOException e) {
            throw new EngineException(
                    "copying the definitions of "
                            + source
                            + " to "
                            + site.spec().instance().name()
                            + " failed: "
                            + e.getMessage(),
                    "see that the disk has space and is writable",
                    e);
        } finally {
            delete(file);
            delete(password);
        }
    }

    private Map<String, String> loggingIn() {
        Map<String, String> environment = new HashMap<>(Tls.environment(site));
        environment.put("PGPASSFILE", password.toString());
        environment.put("PGCONNECT_TIMEOUT", "10");
        return environment;
    }

    /** A server that an agent which died during a copy left running. */
    private void endLeftBehind() throws InterruptedException, EngineException, IOException {
        Set<Long> left = processes.kill(software.command(site), Optional.empty(), STOP_TIMEOUT);
        if (!left.isEmpty()) {
            throw new EngineException(
                    "processes " + left + " of an earlier try do not end",
                    "see what they wait for on the host",
                    null);
        }
        software.clearRemains(site);
    }

    /**
     * What was loaded, in part or all of it, cannot be loaded over: the directory is made again.
     */
    private void beginAnew(Consumer<String> progress)
            throws IOException, EngineException, InterruptedException {
        Path loaded = site.stateDirectory().resolve(LOADED);
        if (Files.exists(loaded)) {
            empty(site.dataDirectory());
            if (site.walDirectory().isPresent()) {
                empty(site.walDirectory().get());
            }
            software.initialise(site, progress);
            Files.delete(loaded);
        }
    }

    private static void empty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Path> entries;
        try (Stream<Path> listed = Files.list(directory)) {
            entries = listed.toList();
        }
        for (Path entry : entries) {
            DurableFile.deleteTree(entry);
        }
    }

    private void load(String definitions)
            throws IOException, InterruptedException, EngineException {
        DurableFile.write(file, definitions);
        DurableFile.write(site.stateDirectory().resolve(LOADED), "");
        ServerCommand command = software.restoring(site);
        ProcessIdentity server = processes.start(command);
        boolean stopped = false;
        try {
            awaitServer(server);
            psql();
            stopped = processes.stop(command, server, Signal.INT, STOP_TIMEOUT).isEmpty();
        } finally {
            if (!stopped) {
                processes.kill(command, Optional.of(server), STOP_TIMEOUT);
            }
        }
        if (!stopped) {
            throw new EngineException(
                    "the server that took definitions did not stop: " + software.lastWords(site),
                    "correct what it complains of; until this is undone, its log is in "
                            + site.stateDirectory(),
                    null);
        }
        // It says how the server was started; the next one is another.
        Files.deleteIfExists(site.dataDirectory().resolve(OPTIONS_FILE));
        DataDirectory.writeOut(site);
    }

    private void awaitServer(ProcessIdentity server)
            throws IOException, InterruptedException, EngineException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        List<String> question =
                List.of(
                        software.program("pg_isready").toString(),
                        "--quiet",
                        "--host=" + site.socketDirectory(),
                        "--port=" + site.port());
        while (!run(question, ASK_TIMEOUT).succeeded()) {
            if (!processes.alive(server) || System.nanoTime() >= deadline) {
                throw new EngineException(
                        "the server that takes definitions did not start: "
                                + software.lastWords(site),
                        "correct what it complains of; until this is undone, its log is in "
                                + site.stateDirectory(),
                        null);
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private void psql() throws IOException, InterruptedException, EngineException {
        ProgramRun run =
                run(
                        List.of(
                                software.program("psql").toString(),
                                "--no-psqlrc",
                                "--quiet",
                                "--no-password",
                                "--set=ON_ERROR_STOP=1",
                                "--host=" + site.socketDirectory(),
                                "--port=" + site.port(),
                                "--username=" + ServerRole.SUPERUSER.roleName(),
                                "--dbname=postgres",
                                "--output=/dev/null",
                                "--file=" + file),
                        LOAD_TIMEOUT);
        if (!run.succeeded()) {
            throw new EngineException(
                    site.spec().instance().name()
                            + " did not take the definitions: "
                            + run.conclusion(),
                    "see whether it has all extensions and locales of the other nodes' hosts",
                    null);
        }
    }

    private ProgramRun run(List<String> arguments, Duration timeout)
            throws IOException, InterruptedException {
        return ProgramRun.of(arguments, software.loading(), Path.of("/dev/null"), timeout);
    }

    private static void delete(Path secret) throws EngineException {
        try {
            Files.deleteIfExists(secret);
        } catch (IOException e) {
            throw new EngineException(
                    secret + " could not be deleted: " + e.getMessage(),
                    "delete it: it has secrets in it",
                    e);
        }
    }
}
