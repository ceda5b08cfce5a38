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
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.ConfigurationFiles;
import xlctl.agent.engine.postmaster.DataDirectory;
import xlctl.agent.engine.postmaster.DefinitionsCopy;
import xlctl.agent.engine.postmaster.Initdb;
import xlctl.agent.engine.postmaster.OperatorLines;
import xlctl.agent.engine.postmaster.PasswordFile;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.Signal;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** Coordinators and datanodes. */
final class NodeSoftware implements Software, DefinitionsCopy.Software {
    private static final Duration ROLES_TIMEOUT = Duration.ofSeconds(30);
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
        problems.addAll(NeededGtm.missing(spec));
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
            ConfigurationFiles.check(site, postgres(site, mode(site)));
            makeRoles(site);
            DataDirectory.writeOut(site);
        } catch (IOException e) {
            throw DataDirectory.notMade(site, e);
        }
    }

    @Override
    public ServerCommand command(Site site) {
        return command(site, mode(site));
    }

    /** As a datanode that takes definitions. */
    @Override
    public ServerCommand restoring(Site site) {
        return command(site, RESTORE_MODE, DefinitionsCopy.LOCAL_ONLY.toArray(String[]::new));
    }

    @Override
    public Path program(String name) {
        return programs.path(name);
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
        Map<String, String> environment = new HashMap<>(flavor.environment(site));
        if (flavor.passwordsBetweenNodes()) {
            environment.put("PGPASSFILE", PasswordFile.of(site).toString());
        }
        return DataDirectory.server(site, postgres(site, mode, more), environment);
    }

    @Override
    public Path dataMark(Site site) {
        return DataDirectory.mark(site);
    }

    @Override
    public List<Path> lockFiles(Site site) {
        return DataDirectory.lockFiles(site);
    }

    /** A dead server's pooler socket: while its number belongs to a process, no other starts. */
    @Override
    public void clearRemains(Site site) throws IOException {
        String socket = ".s.PGPOOL." + NodeSettings.poolerPort(site);
        Files.deleteIfExists(site.socketDirectory().resolve(socket));
        Files.deleteIfExists(site.socketDirectory().resolve(socket + ".lock"));
    }

    @Override
    public String lastWords(Site site) {
        return ServerLog.lastWords(site, ServerLog.directory(site));
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        return DefinitionsCopy.takesDefinitions(site)
                ? Optional.empty()
                : DataDirectory.claimedPid(site);
    }

    @Override
    public Signal signal(StopMode mode) {
        return DataDirectory.signal(mode);
    }

    @Override
    public ServerLink link(Site site) {
        return new XlLink(site, flavor);
    }

    private void initdb(Site site) throws IOException, InterruptedException, EngineException {
        Path program = programs.path("initdb");
        if (flavor.initdbTakesVerifier()) {
            Initdb.withPassword(program, site, flavor.passwordMethod(), initdbArguments(site));
        } else {
            Initdb.run(program, site, flavor.passwordMethod(), initdbArguments(site));
        }
    }

    private List<String> initdbArguments(Site site) throws EngineException {
        List<String> arguments = new ArrayList<>();
        arguments.add("--nodename=" + site.spec().instance().name().node());
        arguments.add("--nosync");
        arguments.addAll(flavor.initdb(site));
        return arguments;
    }

    private void configure(Site site) throws IOException {
        ConfigurationFiles.write(
                site,
                flavor.defaults(),
                NodeSettings.managed(site, flavor),
                NodeAuthentication.rules(
                        site, Catalog.empty(site.spec().networks()), flavor.passwordMethod()));
        if (flavor.passwordsBetweenNodes()) {
            DurableFile.write(PasswordFile.of(site), PasswordFile.text(site.secrets().outgoing()));
        }
        for (String more : flavor.nodeDirectories()) {
            DurableFile.createDirectories(site.dataDirectory().resolve(more));
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
            ProgramRun run = ProgramRun.of(singleUser(site), Map.of(), script, ROLES_TIMEOUT);
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
