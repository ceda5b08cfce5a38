package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DataDirectory;
import xlctl.agent.engine.postmaster.OperatorLines;
import xlctl.agent.engine.postmaster.ProgramRun;
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
import xlctl.topology.GtmAddress;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The GTM and its proxies: a configuration file each, and what they make of it themselves. */
final class GtmSoftware implements Software {
    private final Flavor flavor;
    private final Programs programs;
    private final ServerProcesses.Signaller signaller;

    GtmSoftware(Flavor flavor, Programs programs, ServerProcesses.Signaller signaller) {
        this.flavor = flavor;
        this.programs = programs;
        this.signaller = signaller;
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        List<Problem> problems = new ArrayList<>(flavor.refusals(spec));
        Set<String> allowed = new HashSet<>(GtmSettings.OPERATORS);
        allowed.addAll(flavor.gtmOperatorSettings());
        problems.addAll(OperatorLines.refusalsBesides(spec, allowed));
        if (!spec.hba().isBlank()) {
            problems.add(
                    Problem.of(
                            "a " + spec.kind() + " knows no logins, and takes no HBA lines",
                            "leave them out"));
        }
        if (spec.instance().walDirectory().isPresent()) {
            problems.add(
                    Problem.of(
                            "a " + spec.kind() + " has no WAL directory of its own",
                            "leave it out"));
        }
        if (spec.kind() == NodeKind.GTM_PROXY && spec.gtm().isEmpty()) {
            problems.add(
                    Problem.of(
                            spec.instance().name() + " needs a GTM, and the cluster has none",
                            "add gtm master"));
        }
        return problems;
    }

    @Override
    public void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException {
        progress.accept("making " + site.dataDirectory());
        try {
            makePrivate(site.dataDirectory());
            for (String directory : flavor.gtmDirectories()) {
                makePrivate(site.dataDirectory().resolve(directory));
            }
            Files.createDirectories(flavor.gtmLogs(site));
            DurableFile.write(configurationFile(site), configuration(site));
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

    private String configuration(Site site) throws EngineException {
        if (site.spec().kind() == NodeKind.GTM) {
            return GtmSettings.gtm(site, flavor);
        }
        GtmAddress gtm =
                site.spec()
                        .gtm()
                        .orElseThrow(
                                () ->
                                        new EngineException(
                                                "the cluster has no GTM for "
                                                        + site.spec().instance().name(),
                                                "add gtm master",
                                                null));
        return GtmSettings.proxy(site, flavor, gtm.master());
    }

    static Path configurationFile(Site site) {
        return site.dataDirectory().resolve(GtmSettings.fileName(site.spec().kind()));
    }

    private static void makePrivate(Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }

    @Override
    public ServerCommand command(Site site) {
        Map<String, String> environment = new HashMap<>(ProgramRun.ENVIRONMENT);
        environment.remove("TZ");
        return new ServerCommand(
                List.of(
                        programs.path(GtmSettings.program(site.spec().kind())).toString(),
                        "-D",
                        site.dataDirectory().toString()),
                environment,
                site.dataDirectory(),
                site.stateDirectory().resolve("server.out"));
    }

    @Override
    public Path dataMark(Site site) {
        return configurationFile(site);
    }

    /** They are cleared before every start. */
    @Override
    public List<Path> lockFiles(Site site) {
        return List.of();
    }

    /** While the number in one of them belongs to any process, no other server starts. */
    @Override
    public void clearRemains(Site site) throws IOException {
        String socket = ".s.GTM." + site.port();
        Files.deleteIfExists(site.socketDirectory().resolve(socket));
        Files.deleteIfExists(site.socketDirectory().resolve(socket + ".lock"));
        Files.deleteIfExists(pidFile(site));
    }

    @Override
    public String lastWords(Site site) {
        return ServerLog.lastWords(flavor.gtmLogs(site), command(site).output());
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        try {
            return Files.readString(pidFile(site))
                    .lines()
                    .findFirst()
                    .filter(line -> line.matches("[0-9]{1,10}"))
                    .map(Long::valueOf);
        } catch (IOException noServer) {
            return Optional.empty();
        }
    }

    /**
     * There is one way to stop them. QUIT would be the end of an OpenTenBase GTM's main thread
     * only: the others would keep the port open and answer nobody.
     */
    @Override
    public Signal signal(StopMode mode) {
        return Signal.TERM;
    }

    @Override
    public ServerLink link(Site site) {
        return new GtmLink(site, flavor, () -> claimedPid(site), signaller);
    }

    private static Path pidFile(Site site) {
        return site.dataDirectory().resolve(GtmSettings.pidFileName(site.spec().kind()));
    }
}
