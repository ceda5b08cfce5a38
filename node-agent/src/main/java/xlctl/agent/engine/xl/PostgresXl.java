package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.SettingsText;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** Postgres-XL 9.5. */
final class PostgresXl implements Flavor {
    private static final Pattern VERSION = Pattern.compile("\\(Postgres-XL (\\S+)\\)");

    @Override
    public EngineKind kind() {
        return EngineKind.POSTGRES_XL;
    }

    @Override
    public Pattern versionPattern() {
        return VERSION;
    }

    @Override
    public String passwordMethod() {
        return "md5";
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        return List.of();
    }

    @Override
    public GtmHandshake.Peer gtmPeer(NodeKind kind) {
        return kind == NodeKind.GTM
                ? GtmHandshake.Peer.POSTGRES_XL_GTM
                : GtmHandshake.Peer.POSTGRES_XL_PROXY;
    }

    @Override
    public Map<String, String> gtmSettings(Site site) {
        return Map.of("log_file", gtmLogs(site).resolve("gtm.log").toString());
    }

    @Override
    public Set<String> gtmOperatorSettings() {
        return Set.of();
    }

    @Override
    public List<String> gtmDirectories() {
        return List.of();
    }

    @Override
    public Path gtmLogs(Site site) {
        return site.stateDirectory().resolve(SettingsText.LOG_DIRECTORY);
    }

    @Override
    public boolean passwordsBetweenNodes() {
        return true;
    }

    @Override
    public boolean initdbTakesVerifier() {
        return true;
    }

    @Override
    public List<String> nodeDirectories() {
        return List.of();
    }

    @Override
    public Map<String, String> environment(Site site) {
        return Map.of();
    }

    @Override
    public Optional<String> localSession() {
        return Optional.empty();
    }

    @Override
    public boolean locksSingleCoordinator() {
        return false;
    }

    @Override
    public boolean needsShardingGroup() {
        return false;
    }

    @Override
    public boolean gtmIsInCatalog() {
        return false;
    }

    @Override
    public List<String> initdb(Site site, Path passwordFile) {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--pgdata=" + site.dataDirectory(),
                                "--nodename=" + site.spec().instance().name().node(),
                                "--username=" + ServerRole.SUPERUSER.roleName(),
                                "--pwfile=" + passwordFile,
                                "--encoding=UTF8",
                                "--locale=C.UTF-8",
                                "--data-checksums",
                                "--nosync",
                                "--auth-local=peer",
                                "--auth-host=md5"));
        site.walDirectory().ifPresent(wal -> arguments.add("--xlogdir=" + wal));
        return arguments;
    }

    @Override
    public String defaults() {
        return "\n# A node has room for so many others; 16 each without it.\n"
                + "max_coordinators = 64\nmax_datanodes = 64\n";
    }

    @Override
    public Map<String, String> settings(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("pgxc_node_name", site.spec().instance().name().node().value());
        site.spec()
                .gtm()
                .ifPresent(
                        gtm -> {
                            settings.put("gtm_host", gtm.contact().host().value());
                            settings.put("gtm_port", gtm.contact().port().toString());
                        });
        settings.put("password_encryption", "on");
        return settings;
    }

    @Override
    public List<String> dump(HostPort source) {
        return List.of(
                "--schema-only",
                "--include-nodes",
                "--dump-nodes",
                "--no-password",
                "--host=" + source.host(),
                "--port=" + source.port(),
                "--username=" + ServerRole.SUPERUSER.roleName());
    }

    /** It has no function for the timeline, but the names of its WAL files begin with it. */
    @Override
    public String healthQuery() {
        return "SELECT pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery() THEN"
                + " ('x' || substr(pg_xlogfile_name(pg_current_xlog_location()), 1, 8))"
                + "::bit(32)::bigint END";
    }

    @Override
    public Optional<String> gtmInUseQuery() {
        return Optional.of("SELECT current_setting('gtm_host'), current_setting('gtm_port')");
    }

    @Override
    public String temporaryTableOnEveryDatanode(String name) {
        return "CREATE TEMPORARY TABLE " + name + " (a int) DISTRIBUTE BY REPLICATION";
    }

    @Override
    public String tablesOfDatanode() {
        return "SELECT n.nspname || '.' || c.relname FROM pgxc_class x"
                + " JOIN pg_class c ON c.oid = x.pcrelid"
                + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE (SELECT oid FROM pgxc_node WHERE node_name = ?) = ANY (x.nodeoids)"
                + " AND c.relpersistence <> 't'";
    }
}
