package xlctl.agent.engine.xl;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.DefinitionsCopy;
import xlctl.agent.engine.postmaster.PgCtl;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.ServerProcess;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** Postgres-XL or OpenTenBase: its nodes, its GTM and its GTM proxies. */
public final class XlEngine implements Engine {
    private final Flavor flavor;
    private final Programs programs;
    private final NodeSoftware nodes;
    private final GtmSoftware gtms;

    private XlEngine(Flavor flavor, Optional<Path> home) {
        this.flavor = flavor;
        this.programs = new Programs(flavor, home);
        this.nodes = new NodeSoftware(flavor, programs);
        this.gtms = new GtmSoftware(flavor, programs, this::send);
    }

    /**
     * @param home the directory whose {@code bin} has the programs; without it nothing runs
     */
    public static XlEngine postgresXl(Optional<Path> home) {
        return new XlEngine(new PostgresXl(), home);
    }

    /**
     * @param home the directory whose {@code bin} has the programs; without it nothing runs
     */
    public static XlEngine openTenBase(Optional<Path> home) {
        return new XlEngine(new OpenTenBase(), home);
    }

    @Override
    public Reply.EngineReport report() {
        return programs.report();
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        List<Problem> problems = new ArrayList<>(software(spec.kind()).refusals(spec));
        if (spec.networks().encrypted()) {
            problems.add(
                    Problem.of(
                            "the cluster is to have TLS, which the servers of "
                                    + spec.engine()
                                    + " do not speak among each other",
                            "set networks.tls to no, and see that the network is encrypted"));
        }
        return problems;
    }

    @Override
    public List<Path> logDirectories(Site site) {
        List<Path> directories = new ArrayList<>(Engine.super.logDirectories(site));
        Path ofGtm = flavor.gtmLogs(site);
        if (!directories.contains(ofGtm)) {
            directories.add(ofGtm);
        }
        return directories;
    }

    @Override
    public List<Path> endlessLogs(Site site) {
        return site.spec().kind().inCatalog() ? List.of() : flavor.endlessGtmLogs(site);
    }

    @Override
    public void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException {
        software(site).initialise(site, progress);
    }

    @Override
    public void copyDefinitions(Site site, HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException {
        if (!site.spec().kind().inCatalog()) {
            throw new EngineException(
                    site.spec().instance().name()
                            + " is a "
                            + site.spec().kind()
                            + ", which has no definitions",
                    "",
                    null);
        }
        new DefinitionsCopy(nodes, site, this::send)
                .from(
                        source,
                        Map.entry(ServerRole.SUPERUSER, site.secrets().superuser()),
                        new DefinitionsDump(flavor, site),
                        progress);
    }

    @Override
    public ServerCommand command(Site site) {
        return software(site).command(site);
    }

    @Override
    public Path dataMark(Site site) {
        return software(site).dataMark(site);
    }

    @Override
    public List<Path> lockFiles(Site site) {
        return software(site).lockFiles(site);
    }

    @Override
    public void clearRemains(Site site) throws IOException {
        software(site).clearRemains(site);
    }

    @Override
    public String lastWords(Site site) {
        return software(site).lastWords(site);
    }

    @Override
    public Optional<Long> claimedPid(Site site) {
        return software(site).claimedPid(site);
    }

    @Override
    public Signal signal(Site site, StopMode mode) {
        return software(site).signal(mode);
    }

    @Override
    public void send(Signal signal, long pid) throws IOException, InterruptedException {
        PgCtl.kill(programs.path("pg_ctl"), signal, pid);
    }

    @Override
    public Optional<ServerProcess> hungLogin(Site site, List<ServerProcess> processes) {
        return site.spec().kind().inCatalog() ? HungLogin.among(processes) : Optional.empty();
    }

    @Override
    public ServerLink link(Site site) {
        return software(site).link(site);
    }

    private Software software(Site site) {
        return software(site.spec().kind());
    }

    private Software software(NodeKind kind) {
        return kind.inCatalog() ? nodes : gtms;
    }
}
