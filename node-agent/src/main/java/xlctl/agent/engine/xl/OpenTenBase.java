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
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/** OpenTenBase 2.6, of the lineage of Postgres-XL 10. */
final class OpenTenBase implements Flavor {
    private static final Pattern VERSION =
            Pattern.compile("\\(PostgreSQL\\) (\\S+ OpenTenBase \\S+)");

    @Override
    public EngineKind kind() {
        return EngineKind.OPENTENBASE;
    }

    @Override
    public Pattern versionPattern() {
        return VERSION;
    }

    @Override
    public String passwordMethod() {
        return "scram-sha-256";
    }

    /** Nodes tell each other so, and are believed: their addresses are what counts. */
    @Override
    public boolean passwordsBetweenNodes() {
        return false;
    }

    @Override
    public List<Problem> refusals(InstanceSpec spec) {
        if (spec.kind() != NodeKind.GTM_PROXY) {
            return List.of();
        }
        return List.of(
                Problem.of(
                        "the engine "
                                + kind()
                                + " has no GTM proxy that works: its program aborts before it"
                                + " reads its arguments, because its locks take the data of a"
                                + " proxy's threads for that of a GTM's",
                        "coordinators and datanodes reach the GTM directly"));
    }

    @Override
    public GtmHandshake.Peer gtmPeer(NodeKind kind) {
        return GtmHandshake.Peer.OPENTENBASE_GTM;
    }

    /** Without a directory for its socket a GTM takes the one that all programs share. */
    @Override
    public Map<String, String> gtmSettings(Site site) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("unix_socket_directory", site.socketDirectory().toString());
        settings.put("log_filename_pattern", "gtm-%a.log");
        // In minutes: it takes no units.
        settings.put("log_rotation_age", "1440");
        settings.put("log_truncate_on_rotation", "on");
        return settings;
    }

    @Override
    public Set<String> gtmOperatorSettings() {
        return Set.of(
                "wal_writer_delay",
                "checkpoint_interval",
                "max_reserved_wal_number",
                "gtm_freeze_time_limit",
                "gtm_startup_gts_delta",
                "worker_thread_number",
                "scale_factor_threads");
    }

    @Override
    public List<String> gtmDirectories() {
        return List.of("gtm_xlog");
    }

    @Override
    public Path gtmLogs(Site site) {
        return site.dataDirectory().resolve("gtm_log");
    }

    /** Its initdb reads less of the password file than a verifier has. */
    @Override
    public boolean initdbTakesVerifier() {
        return false;
    }

    @Override
    public List<String> initdb(Site site) throws EngineException {
        GtmAddress gtm = NeededGtm.of(site.spec());
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--nodetype=" + site.spec().kind().word(),
                                "--master_gtm_nodename=" + gtm.gtm(),
                                "--master_gtm_ip=" + gtm.master().host(),
                                "--master_gtm_port=" + gtm.master().port()));
        site.walDirectory().ifPresent(wal -> arguments.add("--waldir=" + wal));
        return arguments;
    }

    /** Its audit logger wants that directory wherever the log is, and dies for want of it. */
    @Override
    public List<String> nodeDirectories() {
        return List.of("pg_log");
    }

    /**
     * Nodes of the same host would be looked for in the directory for sockets that libpq was built
     * with. With a host to fall back on, they are reached as those of other hosts are.
     */
    @Override
    public Map<String, String> environment(Site site) {
        return Map.of("PGHOST", site.spec().instance().host().value());
    }

    /** It was built with room for as many nodes as it can ever have. */
    @Override
    public String defaults() {
        return "\n# A coordinator opens so many sessions with each node at first, for each user and"
                + " database; ten\n# without it, so that few users would take all connections.\n"
                + "init_pool_size = 2\n";
    }

    @Override
    public Map<String, String> settings(Site site) {
        return Map.of("password_encryption", passwordMethod());
    }

    @Override
    public List<String> dumpOptions() {
        return List.of("--schema-only", "--dump-nodes");
    }

    /** Its function for the timeline fails, but the names of WAL files begin with it. */
    @Override
    public String healthQuery() {
        return "SELECT pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery() THEN"
                + " ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))"
                + "::bit(32)::bigint END";
    }

    /** Shards that were moved: dumps say nothing of them, and new nodes deal them out in turn. */
    @Override
    public Optional<String> lostInDumps() {
        return Optional.of(
                "SELECT count(*) FROM pgxc_shard_map m JOIN pgxc_group g ON g.oid = m.disgroup"
                        + " WHERE m.primarycopy <> g.group_members"
                        + "[m.shardgroupid % (array_upper(g.group_members, 1) + 1)]");
    }

    /** What a coordinator tells another node to do, that one does not pass on. */
    @Override
    public Optional<String> localSession() {
        return Optional.of("-c remotetype=coordinator");
    }

    @Override
    public boolean locksSingleCoordinator() {
        return true;
    }

    @Override
    public boolean needsShardingGroup() {
        return true;
    }

    @Override
    public boolean gtmIsInCatalog() {
        return true;
    }

    /**
     * In its shared memory it sorts nodes by name and takes no note of it when they become fewer.
     * Its pooler then keeps its connections to the dropped node when it is told to reload, but no
     * longer knows the node, and ends when it next looks at them.
     */
    @Override
    public boolean findsDroppedNodes() {
        return true;
    }

    @Override
    public List<String> catalogGrants() {
        return List.of(
                "GRANT SELECT ON pg_catalog.pgxc_node TO "
                        + ServerRole.CLIENT.roleName()
                        + ", "
                        + ServerRole.MONITOR.roleName());
    }
}
