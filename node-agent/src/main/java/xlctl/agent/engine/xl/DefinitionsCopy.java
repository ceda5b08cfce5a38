package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DataDirectory;
import xlctl.agent.engine.postmaster.PasswordFile;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ProcessIdentity;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.ServerRole;

/**
 * Takes what all nodes share from a coordinator into the data directory of a new node: dumped over
 * the network, and loaded by a server that takes definitions and listens on its local socket only.
 */
final class DefinitionsCopy {
    private static final Duration DUMP_TIMEOUT = Duration.ofMinutes(5);
    private static final int DUMP_ATTEMPTS = 4;
    private static final Duration DUMP_PAUSE = Duration.ofMillis(700);
    private static final Duration LOAD_TIMEOUT = Duration.ofMinutes(10);
    private static final Duration START_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 20;

    /** Is there from before the first statement is loaded until the last one was. */
    private static final String UNFINISHED = "definitions.unfinished";

    private final Flavor flavor;
    private final Programs programs;
    private final NodeSoftware nodes;
    private final Site site;
    private final ServerProcesses processes;
    private final Path file;
    private final Path password;

    DefinitionsCopy(
            Flavor flavor,
            Programs programs,
            NodeSoftware nodes,
            Site site,
            ServerProcesses.Signaller signaller) {
        this.flavor = flavor;
        this.programs = programs;
        this.nodes = nodes;
        this.site = site;
        this.processes = new ServerProcesses(signaller);
        this.file = site.stateDirectory().resolve("definitions.sql");
        this.password = site.stateDirectory().resolve("definitions.pgpass");
    }

    void from(HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException {
        try {
            endLeftBehind();
            beginAnewAfterFailure(progress);
            progress.accept("dumping the definitions of " + source);
            Definitions definitions = dump(source);
            refuseWhatDumpsLose(source);
            if (definitions.somethingOfUsers(site.secrets().verifiers())) {
                progress.accept("loading the definitions of " + source);
                load(definitions);
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

    /** A server that an agent which died during a copy left running. */
    private void endLeftBehind() throws InterruptedException, EngineException, IOException {
        Set<Long> left = processes.kill(nodes.command(site), Optional.empty(), STOP_TIMEOUT);
        if (!left.isEmpty()) {
            throw new EngineException(
                    "processes " + left + " of an earlier try do not end",
                    "see what they wait for on the host",
                    null);
        }
        nodes.clearRemains(site);
    }

    /** What was loaded in part cannot be completed: the data directory is made again. */
    private void beginAnewAfterFailure(Consumer<String> progress)
            throws IOException, EngineException, InterruptedException {
        Path unfinished = site.stateDirectory().resolve(UNFINISHED);
        if (Files.exists(unfinished)) {
            empty(site.dataDirectory());
            if (site.walDirectory().isPresent()) {
                empty(site.walDirectory().get());
            }
            nodes.initialise(site, progress);
            Files.delete(unfinished);
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

    private Definitions dump(HostPort source)
            throws IOException, InterruptedException, EngineException {
        // A file of the agent's alone before the first word is in it.
        DurableFile.write(file, "");
        DurableFile.write(
                password,
                PasswordFile.text(Map.of(ServerRole.SUPERUSER, site.secrets().superuser())));
        List<String> arguments = new ArrayList<>();
        arguments.add(programs.path("pg_dumpall").toString());
        arguments.addAll(flavor.dumpOptions());
        arguments.addAll(
                List.of(
                        "--no-password",
                        "--host=" + source.host(),
                        "--port=" + source.port(),
                        "--username=" + ServerRole.SUPERUSER.roleName(),
                        "--file=" + file));
        // A coordinator whose pooler is just learning of other nodes may refuse once.
        ProgramRun run = run(arguments, DUMP_TIMEOUT);
        for (int tried = 1; !run.succeeded() && tried < DUMP_ATTEMPTS; tried++) {
            Thread.sleep(DUMP_PAUSE.toMillis());
            run = run(arguments, DUMP_TIMEOUT);
        }
        if (!run.succeeded()) {
            throw new EngineException(
                    "the definitions of " + source + " could not be dumped: " + run.conclusion(),
                    "see that the coordinator runs, and that this host is in networks.cluster",
                    null);
        }
        return new Definitions(Files.readString(file));
    }

    private void load(Definitions definitions)
            throws IOException, InterruptedException, EngineException {
        DurableFile.write(file, definitions.loadable());
        DurableFile.write(site.stateDirectory().resolve(UNFINISHED), "");
        ServerCommand command = nodes.restoring(site);
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
                    "the server that took definitions did not stop: " + nodes.lastWords(site),
                    "its log is in " + site.stateDirectory(),
                    null);
        }
        // It says how the server was started; the next one is another.
        Files.deleteIfExists(site.dataDirectory().resolve("postmaster.opts"));
        DataDirectory.writeOut(site);
        Files.delete(site.stateDirectory().resolve(UNFINISHED));
    }

    private void awaitServer(ProcessIdentity server)
            throws IOException, InterruptedException, EngineException {
        long deadline = System.nanoTime() + START_TIMEOUT.toNanos();
        List<String> question =
                List.of(
                        programs.path("pg_isready").toString(),
                        "--quiet",
                        "--host=" + site.socketDirectory(),
                        "--port=" + site.port());
        while (!run(question, ASK_TIMEOUT).succeeded()) {
            if (!processes.alive(server) || System.nanoTime() >= deadline) {
                throw new EngineException(
                        "the server that takes definitions did not start: " + nodes.lastWords(site),
                        "its log is in " + site.stateDirectory(),
                        null);
            }
            Thread.sleep(LOOK_AGAIN_MILLIS);
        }
    }

    private void psql() throws IOException, InterruptedException, EngineException {
        ProgramRun run =
                run(
                        List.of(
                                programs.path("psql").toString(),
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

    private void refuseWhatDumpsLose(HostPort source)
            throws IOException, InterruptedException, EngineException {
        if (flavor.lostInDumps().isEmpty()) {
            return;
        }
        ProgramRun run =
                run(
                        List.of(
                                programs.path("psql").toString(),
                                "--no-psqlrc",
                                "--tuples-only",
                                "--no-align",
                                "--no-password",
                                "--host=" + source.host(),
                                "--port=" + source.port(),
                                "--username=" + ServerRole.SUPERUSER.roleName(),
                                "--dbname=postgres",
                                "--command=" + flavor.lostInDumps().get()),
                        ASK_TIMEOUT);
        if (!run.succeeded() || !run.output().strip().equals("0")) {
            throw new EngineException(
                    "the definitions of "
                            + source
                            + " cannot be copied: "
                            + (run.succeeded()
                                    ? run.output().strip()
                                            + " of its shards were moved, which no dump says"
                                    : run.conclusion()),
                    "move the shards back; nodes are added where each datanode has its own",
                    null);
        }
    }

    private ProgramRun run(List<String> arguments, Duration timeout)
            throws IOException, InterruptedException {
        return ProgramRun.of(
                arguments,
                Map.of("PGPASSFILE", password.toString()),
                Path.of("/dev/null"),
                timeout);
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
