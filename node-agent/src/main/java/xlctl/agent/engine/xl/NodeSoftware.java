package xlctl.agent.engine.xl;

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
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Catalog;
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
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** Coordinators and datanodes. */
final class NodeSoftware implements Software {
    private static final Duration INITDB_TIMEOUT = Duration.ofMinutes(5);
    private static final Duration PROGRAM_TIMEOUT = Duration.ofSeconds(30);
    private static final String PASSWORD_FILE = "pgpass";
    private static final String RESTORE_MODE = "--restoremode";

    private final Flavor flavor;
    private final Programs programs;

    NodeSoftware(Flavor flavor, Programs programs) {
        this.flavor = flavor;
        this.programs = programs;
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        List<Problem> problems =
                new ArrayList<>(
                        OperatorLines.refusals(
                                spec, NodeSettings.MANAGED, flavor.passwordMethod()));
        if (spec.gtm().isEmpty()) {
            problems.add(
                    Problem.of(
                            spec.instance().name() + " needs a GTM, and the cluster has none",
                            "add gtm master"));
        }
        problems.addAll(flavor.refusals(spec));
        return problems;
    }

    @Override
    public void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException {
        try {
            progress.accept("initdb in " + site.dataDirectory());
            initdb(site);
            configure(site);
            checkConfiguration(site);
            makeRoles(site);
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
    public ServerCommand command(Site site) {
        return command(site, mode(site));
    }

    /** The server as a datanode that takes definitions, on its local socket only. */
    ServerCommand restoring(Site site) {
        return command(site, RESTORE_MODE, "-c", "listen_addresses=");
    }

    private static String mode(Site site) {
        return site.spec().kind() == NodeKind.COORDINATOR ? "--coordinator" : "--datanode";
    }

    /** The program, which wants its mode first, at work on a data directory. */
    private List<String> postgres(Site site, String mode, String... more) {
        List<String> arguments = new ArrayList<>();
        arguments.add(programs.path("postgres").toString());
        arguments.add(mode);
        arguments.add("-D");
        arguments.add(site.dataDirectory().toString());
        arguments.addAll(List.of(more));
        return arguments;
    }

    private ServerCommand command(Site site, String mode, String... more) {
        Map<String, String> environment = new HashMap<>(ProgramRun.ENVIRONMENT);
        environment.remove("TZ");
        if (flavor.passwordsBetweenNodes()) {
            environment.put("PGPASSFILE", passwordFile(site).toString());
        }
        environment.putAll(flavor.environment(site));
        return new ServerCommand(
                postgres(site, mode, more),
                environment,
                site.dataDirectory(),
                site.stateDirectory().resolve("server.out"));
    }

    private static Path passwordFile(Site site) {
        return site.stateDirectory().resolve(PASSWORD_FILE);
    }

    /** A dead server's pooler socket: while its number belongs to a process, no other starts. */
    @Override
    public Path dataMark(Site site) {
        return DataDirectory.mark(site);
    }

    @Override
    public List<Path> lockFiles(Site site) {
        return DataDirectory.lockFiles(site);
    }

    @Override
    public void clearRemains(Site site) throws IOException {
        String socket = ".s.PGPOOL." + NodeSettings.poolerPort(site);
        Files.deleteIfExists(site.socketDirectory().resolve(socket));
        Files.deleteIfExists(site.socketDirectory().resolve(socket + ".lock"));
    }

    @Override
    public String lastWords(Site site) {
        return ServerLog.lastWords(
                site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY), command(site).output());
    }

    /** A server that was left behind while it took definitions is nobody's server. */
    @Override
    public Optional<Long> claimedPid(Site site) {
        return takesDefinitions(site)
                ? Optional.empty()
                : DataDirectory.claimedPid(site.dataDirectory());
    }

    @Override
    public Signal signal(StopMode mode) {
        return DataDirectory.signal(mode);
    }

    private static boolean takesDefinitions(Site site) {
        try {
            return Files.readString(site.dataDirectory().resolve("postmaster.opts"))
                    .contains(RESTORE_MODE);
        } catch (IOException neverStarted) {
            return false;
        }
    }

    @Override
    public ServerLink link(Site site) {
        return new XlLink(site, flavor);
    }

    private void initdb(Site site) throws IOException, InterruptedException, EngineException {
        if (!site.secrets().verifiers().containsKey(ServerRole.SUPERUSER)) {
            throw new EngineException(
                    "the request to prepare "
                            + site.spec().instance().name()
                            + " has no password for "
                            + ServerRole.SUPERUSER.roleName(),
                    "send it with all secrets of the instance",
                    null);
        }
        Path password = site.stateDirectory().resolve("initdb.password");
        if (flavor.initdbTakesVerifier()) {
            DurableFile.write(
                    password, site.secrets().verifiers().get(ServerRole.SUPERUSER).value() + "\n");
        }
        try {
            List<String> arguments = new ArrayList<>();
            arguments.add(programs.path("initdb").toString());
            arguments.addAll(flavor.initdb(site, password));
            ProgramRun run = ProgramRun.of(arguments, INITDB_TIMEOUT);
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

    private void configure(Site site) throws IOException {
        DurableFile.createDirectories(site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY));
        Path directory = site.dataDirectory();
        Path main = directory.resolve("postgresql.conf");
        DurableFile.write(
                main, Files.readString(main) + flavor.defaults() + SettingsText.includes());
        DurableFile.write(
                directory.resolve(SettingsText.OPERATOR_FILE), site.spec().configuration() + "\n");
        NodeSettings.converge(site, flavor);
        DurableFile.write(
                directory.resolve("pg_ident.conf"),
                HbaFile.identMap(System.getProperty("user.name")));
        DurableFile.write(
                directory.resolve(HbaFile.NAME),
                NodeAuthentication.rules(
                        site, Catalog.empty(site.spec().networks()), flavor.passwordMethod()));
        if (flavor.passwordsBetweenNodes()) {
            DurableFile.write(passwordFile(site), PasswordFile.text(site.secrets().outgoing()));
        }
        for (String more : flavor.nodeDirectories()) {
            DurableFile.createDirectories(directory.resolve(more));
        }
    }

    /** Has the server read its files, which finds settings that it does not know. */
    private void checkConfiguration(Site site)
            throws IOException, InterruptedException, EngineException {
        ProgramRun run = ProgramRun.of(postgres(site, mode(site), "-C", "port"), PROGRAM_TIMEOUT);
        if (!run.succeeded()) {
            throw new EngineException(
                    flavor.kind()
                            + " does not take the settings of "
                            + site.spec().instance().name()
                            + ": "
                            + run.conclusion(),
                    "correct the CONF lines",
                    null);
        }
    }

    /** Without a GTM, which every other way to make them needs. */
    private void makeRoles(Site site) throws IOException, InterruptedException, EngineException {
        Path script = site.stateDirectory().resolve("roles.sql");
        List<String> statements = new ArrayList<>();
        if (!flavor.initdbTakesVerifier()) {
            statements.add(NodeRoles.superuserPassword(site.secrets().verifiers()));
        }
        statements.addAll(NodeRoles.making(site.secrets().verifiers()));
        statements.addAll(flavor.catalogGrants());
        DurableFile.write(script, String.join("\n", statements) + "\n");
        try {
            ProgramRun run = ProgramRun.of(singleUser(site), Map.of(), script, PROGRAM_TIMEOUT);
            // Its exit code does not tell whether a statement failed.
            if (!run.succeeded() || run.output().contains("ERROR:")) {
                throw new EngineException(
                        "making the roles of "
                                + site.spec().instance().name()
                                + " failed: "
                                + run.conclusion(),
                        "see the log in " + site.stateDirectory(),
                        null);
            }
        } finally {
            Files.deleteIfExists(script);
        }
    }

    private List<String> singleUser(Site site) {
        return postgres(
                site,
                "--single",
                "--localxid",
                "-c",
                "log_min_error_statement=panic",
                "-c",
                "log_statement=none",
                "-c",
                "log_min_duration_statement=-1",
                "postgres");
    }
}
