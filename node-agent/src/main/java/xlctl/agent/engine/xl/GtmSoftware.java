package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcesses;
import xlctl.agent.process.Signal;
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
        if (!spec.hba().text().isBlank()) {
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
        if (spec.kind() == NodeKind.GTM_PROXY) {
            problems.addAll(NeededGtm.missing(spec));
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
            throw DataDirectory.notMade(site, e);
        }
    }

    private String configuration(Site site) throws EngineException {
        return site.spec().kind() == NodeKind.GTM
                ? GtmSettings.gtm(site, flavor)
                : GtmSettings.proxy(site, flavor, NeededGtm.of(site.spec()).master());
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
        return DataDirectory.server(
                site,
                List.of(
                        programs.path(GtmSettings.program(site.spec().kind())).toString(),
                        "-D",
                        site.dataDirectory().toString()),
                Map.of());
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
        return ServerLog.lastWords(site, flavor.gtmLogs(site));
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        return DataDirectory.pidIn(pidFile(site));
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
