package xlctl.agent.engine.xl;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
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

    /** The arguments of {@code initdb}. */
    List<String> initdb(Site site, Path passwordFile);

    /** Settings of coordinators and datanodes besides those that all engines have. */
    Map<String, String> settings(Site site);

    /** The arguments of {@code pg_dumpall} for all that nodes share. */
    List<String> dump(HostPort source);

    /** Its row: whether the server is in recovery, and its timeline or null. */
    String healthQuery();

    /**
     * Its row: the host and port of the GTM that the server has known since its start. Empty where
     * a change takes effect without a restart.
     */
    default Optional<String> gtmInUseQuery() {
        return Optional.empty();
    }

    String temporaryTableOnEveryDatanode(String name);

    /**
     * Asked of a coordinator: the tables of one database that have rows on a datanode, whose name
     * is its only parameter, as {@code schema.table}.
     */
    String tablesOfDatanode();
}
