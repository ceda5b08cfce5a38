package xlctl.agent.engine.postgresql;

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
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.CommonSettings;
import xlctl.agent.engine.postmaster.ConfigurationFiles;
import xlctl.agent.engine.postmaster.DataDirectory;
import xlctl.agent.engine.postmaster.DefinitionsCopy;
import xlctl.agent.engine.postmaster.Initdb;
import xlctl.agent.engine.postmaster.OperatorLines;
import xlctl.agent.engine.postmaster.PasswordFile;
import xlctl.agent.engine.postmaster.PgCtl;
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.agent.file.DurableFile;
import xlctl.agent.process.ServerCommand;
import xlctl.agent.process.Signal;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/** Stock PostgreSQL, for every kind of node. */
public final class PostgresqlEngine implements Engine, DefinitionsCopy.Software {
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
        return OperatorLines.refusals(spec, CommonSettings.MANAGED, ClientAuthentication.SCRAM);
    }

    @Override
    public void initialise(Site site, Consumer<String> progress)
            throws EngineException, InterruptedException {
        try {
            progress.accept("initdb in " + site.dataDirectory());
            List<String> more = new ArrayList<>(List.of("--no-sync"));
            site.walDirectory().ifPresent(wal -> more.add("--waldir=" + wal));
            Initdb.withPassword(programs.path("initdb"), site, ClientAuthentication.SCRAM, more);
            ConfigurationFiles.write(
                    site,
                    ServerSettings.defaults(site),
                    ServerSettings.managed(site),
                    ClientAuthentication.rules(site, Catalog.empty(site.spec().networks())));
            if (!site.secrets().outgoing().isEmpty()) {
                DurableFile.write(
                        PasswordFile.of(site), PasswordFile.text(site.secrets().outgoing()));
            }
            ConfigurationFiles.check(site, command(site).arguments());
            DataDirectory.writeOut(site);
        } catch (IOException e) {
            throw DataDirectory.notMade(site, e);
        }
    }

    @Override
    public void copyDefinitions(Site site, HostPort source, Consumer<String> progress)
            throws EngineException, InterruptedException {
        ServerRole role = site.secrets().logins().ddl();
        Secret password = site.secrets().outgoing().get(role);
        if (!site.spec().kind().inCatalog() || password == null) {
            throw new EngineException(
                    site.spec().instance().name()
                            + " is a "
                            + site.spec().kind()
                            + " that does not log in to others: it takes no definitions",
                    "",
                    null);
        }
        new DefinitionsCopy(this, site, this::send)
                .from(source, Map.entry(role, password), new DefinitionsDump(site), progress);
    }

    @Override
    public void replacePasswords(Site site, Map<ServerRole, Secret> outgoing) throws IOException {
        if (!outgoing.isEmpty()) {
            DurableFile.write(PasswordFile.of(site), PasswordFile.text(outgoing));
        }
    }

    @Override
    public ServerCommand command(Site site) {
        return command(site, List.of());
    }

    /** Its data directory is written out as a whole when it has stopped. */
    @Override
    public ServerCommand restoring(Site site) {
        List<String> more = new ArrayList<>(DefinitionsCopy.LOCAL_ONLY);
        for (String setting :
                List.of(
                        "xl.allow_local=on",
                        "fsync=off",
                        "log_statement=none",
                        "log_min_error_statement=panic",
                        "log_min_duration_statement=-1")) {
            more.addAll(List.of("-c", setting));
        }
        return command(site, more);
    }

    private ServerCommand command(Site site, List<String> more) {
        List<String> arguments = new ArrayList<>();
        arguments.add(programs.path("postgres", site.dataDirectory()).toString());
        arguments.addAll(List.of("-D", site.dataDirectory().toString()));
        arguments.addAll(more);
        return DataDirectory.server(
                site, arguments, Map.of("PGPASSFILE", PasswordFile.of(site).toString()));
    }

    @Override
    public void clearRemains(Site site) {}

    @Override
    public Path program(String name) {
        return programs.path(name);
    }

    /** Stronger than what is set for a database. */
    @Override
    public Map<String, String> loading() {
        return Map.of("PGOPTIONS", "-c default_transaction_read_only=off");
    }

    @Override
    public String lastWords(Site site) {
        return ServerLog.lastWords(site, ServerLog.directory(site));
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
        return DefinitionsCopy.takesDefinitions(site)
                ? Optional.empty()
                : DataDirectory.claimedPid(site);
    }

    @Override
    public Signal signal(Site site, StopMode mode) {
        return DataDirectory.signal(mode);
    }

    @Override
    public void send(Signal signal, long pid) throws IOException, InterruptedException {
        PgCtl.kill(programs.path("pg_ctl"), signal, pid);
    }

    @Override
    public ServerLink link(Site site) {
        return new PostgresqlLink(site);
    }
}
