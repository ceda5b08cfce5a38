package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.ServerLog;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

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
        return Map.of("log_file", gtmLog(site).toString());
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
        return ServerLog.directory(site);
    }

    @Override
    public List<Path> endlessGtmLogs(Site site) {
        return List.of(gtmLog(site));
    }

    private Path gtmLog(Site site) {
        return gtmLogs(site).resolve("gtm.log");
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

    /** They renew what they know of nodes when they next need a connection to one. */
    @Override
    public Optional<String> keptByOtherNodes() {
        return Optional.of("application_name = 'pgxc'");
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
    public List<String> initdb(Site site) {
        return site.walDirectory().stream().map(wal -> "--xlogdir=" + wal).toList();
    }

    @Override
    public String defaults() {
        return "\n# A node has room for so many others; 16 each without it.\n"
                + "max_coordinators = 64\nmax_datanodes = 64\n";
    }

    @Override
    public Map<String, String> settings(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
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
    public List<String> dumpOptions() {
        return List.of("--schema-only", "--include-nodes", "--dump-nodes");
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
}
