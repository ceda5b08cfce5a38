package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.PasswordFile;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DataDirectory;
import xlctl.agent.engine.postmaster.HbaFile;
import xlctl.agent.engine.postmaster.OperatorLines;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.Signal;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** Stock PostgreSQL, for every kind of node. */
public final class PostgresqlEngine implements Engine {
    private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration PROGRAM_TIMEOUT = Duration.ofSeconds(30);
    private static final String PASSWORD_FILE = "pgpass";

    private final Programs programs;

    /**
     * @param home the directory whose {@code bin} has the programs; when empty, the newest version
     *     that is installed
     */
    public PostgresqlEngine(Optional<Path> home) {
        this.programs = new Programs(home);
    }

    @Override
    public Reply.EngineReport report() {
        return programs.report();
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        return OperatorLines.refusals(spec, ServerSettings.MANAGED, ClientAuthentication.SCRAM);
    }

    @Override
    public void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException {
        try {
            progress.accept("initdb in " + site.dataDirectory());
            initdb(site);
            configure(site);
            checkConfiguration(site);
            DataDirectory.writeOut(site);
        } catch (IOException e) {
            throw new EngineException(
                    "making the data directory "
                            + site.dataDirectory()
                            + " failed: "
                            + e.getMessage(),
                    "see that the disk has space and is writable",
                    e);
        }
    }

    @Override
    public void copyDefinitions(Site site, HostPort source, Consumer<String> progress)
            throws EngineException {
        throw new EngineException(
                "definitions are not copied from coordinator to coordinator with the engine "
                        + EngineKind.POSTGRESQL,
                "",
                null);
    }

    @Override
    public ServerCommand command(Site site) {
        Map<String, String> environment = new HashMap<>(ProgramRun.ENVIRONMENT);
        environment.remove("TZ");
        environment.put("PGPASSFILE", site.stateDirectory().resolve(PASSWORD_FILE).toString());
        return new ServerCommand(
                List.of(
                        programs.path("postgres", site.dataDirectory()).toString(),
                        "-D",
                        site.dataDirectory().toString()),
                environment,
                site.dataDirectory(),
                site.stateDirectory().resolve("server.out"));
    }

    @Override
    public String lastWords(Site site) {
        return ServerLog.lastWords(
                site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY), command(site).output());
    }

    @Override
    public Path dataMark(Site site) {
        return DataDirectory.mark(site);
    }

    @Override
    public List<Path> lockFiles(Site site) {
        return DataDirectory.lockFiles(site);
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        return DataDirectory.claimedPid(site.dataDirectory());
    }

    @Override
    public Signal signal(Site site, StopMode mode) {
        return DataDirectory.signal(mode);
    }

    @Override
    public void send(Signal signal, long pid) throws IOException, InterruptedException {
        ProgramRun run = run(PROGRAM_TIMEOUT, "pg_ctl", "kill", signal.name(), Long.toString(pid));
        if (!run.succeeded()) {
            throw new IOException("signal " + signal + " to " + pid + ": " + run.conclusion());
        }
    }

    @Override
    public ServerLink link(Site site) {
        return new PostgresqlLink(site);
    }

    private void initdb(Site site) throws IOException, InterruptedException, EngineException {
        PasswordVerifier superuser = site.secrets().verifiers().get(ServerRole.SUPERUSER);
        if (superuser == null) {
            throw new EngineException(
                    "the request to prepare "
                            + site.spec().instance().name()
                            + " has no password for "
                            + ServerRole.SUPERUSER.roleName(),
                    "send it with all secrets of the instance",
                    null);
        }
        Path password = site.stateDirectory().resolve("initdb.password");
        DurableFile.write(password, superuser.value() + "\n");
        try {
            List<String> arguments =
                    new ArrayList<>(
                            List.of(
                                    "--pgdata=" + site.dataDirectory(),
                                    "--username=" + ServerRole.SUPERUSER.roleName(),
                                    "--pwfile=" + password,
                                    "--encoding=UTF8",
                                    "--locale=C.UTF-8",
                                    "--data-checksums",
                                    "--no-sync",
                                    "--auth-local=peer",
                                    "--auth-host=scram-sha-256"));
            site.walDirectory().ifPresent(wal -> arguments.add("--waldir=" + wal));
            ProgramRun run = run(INITDB_TIMEOUT, "initdb", arguments.toArray(String[]::new));
            if (!run.succeeded()) {
                throw new EngineException(
                        "initdb in " + site.dataDirectory() + " failed: " + run.conclusion(),
                        "see that the disk has space and is writable",
                        null);
            }
        } finally {
            Files.deleteIfExists(password);
        }
    }

    private static void configure(Site site) throws IOException {
        DurableFile.createDirectories(site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY));
        Path directory = site.dataDirectory();
        Path main = directory.resolve("postgresql.conf");
        DurableFile.write(
                main,
                Files.readString(main) + ServerSettings.defaults(site) + SettingsText.includes());
        DurableFile.write(
                directory.resolve(SettingsText.OPERATOR_FILE), site.spec().configuration() + "\n");
        DurableFile.write(
                directory.resolve(SettingsText.MANAGED_FILE), ServerSettings.managed(site));
        DurableFile.write(
                directory.resolve("pg_ident.conf"),
                HbaFile.identMap(System.getProperty("user.name")));
        DurableFile.write(
                directory.resolve(HbaFile.NAME),
                ClientAuthentication.rules(site, Catalog.empty(site.spec().networks())));
        Path passwords = site.stateDirectory().resolve(PASSWORD_FILE);
        if (!site.secrets().outgoing().isEmpty()) {
            DurableFile.write(passwords, PasswordFile.text(site.secrets().outgoing()));
        }
    }

    /** Has the server read its files, which finds settings that it does not know. */
    private void checkConfiguration(Site site)
            throws IOException, InterruptedException, EngineException {
        ProgramRun run =
                run(
                        PROGRAM_TIMEOUT,
                        "postgres",
                        "-D",
                        site.dataDirectory().toString(),
                        "-C",
                        "port");
        if (!run.succeeded()) {
            throw new EngineException(
                    "PostgreSQL does not take the settings of "
                            + site.spec().instance().name()
                            + ": "
                            + run.conclusion(),
                    "correct the CONF lines",
                    null);
        }
    }

    private ProgramRun run(Duration timeout, String program, String... arguments)
            throws IOException, InterruptedException {
        List<String> words = new ArrayList<>();
        words.add(programs.path(program).toString());
        words.addAll(List.of(arguments));
        return ProgramRun.of(words, timeout);
    }
}
