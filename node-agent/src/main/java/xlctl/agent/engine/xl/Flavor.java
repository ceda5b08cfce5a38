package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/**
 * In what the engines of the family differ, as data and as functions that ask and change nothing.
 */
interface Flavor {
    EngineKind kind();

    /** Finds the version, its first group, in what {@code postgres --version} says. */
    Pattern versionPattern();

    /** How servers and clients prove who they are, as {@code pg_hba.conf} calls it. */
    String passwordMethod();

    /** What cannot be a coordinator or datanode of this engine. */
    List<Problem> refusals(InstanceSpec spec);

    /** What a GTM or a proxy of one is spoken to as. */
    GtmHandshake.Peer gtmPeer(NodeKind kind);

    /** Settings of GTMs and their proxies besides those that all engines have. */
    Map<String, String> gtmSettings(Site site);

    /** Settings of them that an operator may make besides those that all engines have. */
    Set<String> gtmOperatorSettings();

    /** What must be in the data directory of one before it first starts. */
    List<String> gtmDirectories();

    /** The directory of their logs. */
    Path gtmLogs(Site site);

    /** Those of their logs that a GTM or a proxy never begins anew. */
    default List<Path> endlessGtmLogs(Site site) {
        return List.of();
    }

    /** Whether {@code initdb} takes the superuser's verifier from a file as it is. */
    boolean initdbTakesVerifier();

    /** The arguments of {@code initdb} besides those that all engines of the family have. */
    List<String> initdb(Site site) throws EngineException;

    /** What must be in a data directory besides what {@code initdb} made. */
    List<String> nodeDirectories();

    /** What servers see of an environment besides what all see. */
    Map<String, String> environment(Site site);

    /** Whether a server proves with passwords who it is when it logs in to another. */
    boolean passwordsBetweenNodes();

    /** What an operator may set differently: read before the operator's own lines. */
    String defaults();

    /** Settings of coordinators and datanodes besides those that all engines have. */
    Map<String, String> settings(Site site);

    /** What has {@code pg_dumpall} write all that nodes share, and only that. */
    List<String> dumpOptions();

    /** Its row: whether the server is in recovery, and its timeline or null. */
    String healthQuery();

    /**
     * Its row is the number of things for which a dump of a coordinator does not do: what they are
     * is then lost on the way.
     */
    default Optional<String> lostInDumps() {
        return Optional.empty();
    }

    /**
     * Options of a session in which a server changes its own definitions only, and not through it
     * those of all nodes. It is no good for reading.
     */
    Optional<String> localSession();

    /** Whether the engine's own lock keeps DDL out of a cluster with a single coordinator, too. */
    boolean locksSingleCoordinator();

    /** Whether tables are distributed over a group of datanodes that must be made before. */
    boolean needsShardingGroup();

    /** Whether servers find the GTM in {@code pgxc_node}. */
    boolean gtmIsInCatalog();

    /**
     * Its row: the host and port of the GTM that the server has known since its start. Empty where
     * a change takes effect without a restart.
     */
    default Optional<String> gtmInUseQuery() {
        return Optional.empty();
    }

    /**
     * Whether a server goes on finding a dropped node at its place, when that was the last of its
     * kind and no other has taken it.
     */
    default boolean findsDroppedNodes() {
        return false;
    }

    /**
     * Which sessions, as a condition on {@code pg_stat_activity}, other nodes keep with a server
     * and go on using after its nodes changed, although they know only those that were there
     * before. Empty where a reload reaches them.
     */
    default Optional<String> keptByOtherNodes() {
        return Optional.empty();
    }

    /** What lets clients read {@code pgxc_node}, where not everyone may. */
    default List<String> catalogGrants() {
        return List.of();
    }
}
