package xlctl.agent.engine.xl;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.DefinitionsServer;
import xlctl.agent.engine.postmaster.SuperuserConnections;

/**
 * The datanodes over which OpenTenBase distributes tables, as one server knows them. Every server
 * must know the same: each is made to by its own agent, from the same topology.
 *
 * @param name of the default group; empty when there is none
 * @param members in the order in which shards were dealt out to them
 * @param dealt whether each shard has a member
 */
record ShardingGroup(String name, List<String> members, boolean dealt) {
    private static final String NAME = "default_group";

    /** Who has which shard, in short: a query whose answer is the same on servers that agree. */
    static final String DEALT =
            "SELECT md5(string_agg(n.node_name, ',' ORDER BY m.shardgroupid))"
                    + " FROM pgxc_shard_map m, pgxc_node n, pgxc_group g"
                    + " WHERE n.oid = m.primarycopy AND g.oid = m.disgroup AND g.default_group = 1";

    private static final String NAMES = "SELECT group_name FROM pgxc_group WHERE default_group = 1";
    private static final String MEMBERS =
            "SELECT n.node_name FROM pgxc_group g, pgxc_node n, generate_series(0, 255) i"
                    + " WHERE g.default_group = 1 AND n.oid = g.group_members[i] ORDER BY i";
    private static final String TABLES =
            "SELECT count(*) FROM pgxc_class WHERE pclocatortype = 'S'";

    ShardingGroup {
        members = List.copyOf(members);
    }

    static ShardingGroup present(Connection connection) throws SQLException {
        List<String> names = Databases.column(connection, NAMES);
        List<String> members = Databases.column(connection, MEMBERS);
        String shards = Databases.column(connection, "SELECT count(*) FROM pgxc_shard_map").get(0);
        return new ShardingGroup(names.isEmpty() ? "" : names.get(0), members, !shards.equals("0"));
    }

    /** Whether there is a group, and a datanode is no member of it. */
    static boolean isWithout(Connection connection, String datanode) throws SQLException {
        return Databases.column(
                        connection,
                        "SELECT count(*) FROM pgxc_group g, pgxc_node n WHERE g.default_group = 1"
                                + " AND n.node_name = ?"
                                + " AND NOT n.oid = ANY (g.group_members::oid[])",
                        datanode)
                .get(0)
                .equals("1");
    }

    /** Whether any table of any database is distributed over it. */
    static boolean used(Connection connection, Databases.Door door) throws SQLException {
        for (String database : Databases.names(connection)) {
            try (Connection there = door.open(database)) {
                if (!Databases.column(there, TABLES).get(0).equals("0")) {
                    return true;
                }
            }
        }
        return false;
    }

    /** As {@link #used}, for a server from which definitions are taken. */
    static boolean usedAt(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        for (String database : Databases.names(source)) {
            if (!source.rows(database, TABLES).strip().equals("0")) {
                return true;
            }
        }
        return false;
    }

    /**
     * What makes the group of a server from which definitions are taken, its members in their
     * order, which decides who gets which shard: dumps have them in any. Empty when it has none.
     */
    static Optional<String> definitionAt(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        String database = SuperuserConnections.MAINTENANCE_DATABASE;
        Optional<String> name = source.rows(database, NAMES).lines().findFirst();
        List<String> members = source.rows(database, MEMBERS).lines().toList();
        return name.map(present -> creation(QuotedSql.name(present), members));
    }

    private boolean exists() {
        return !name.isEmpty();
    }

    /**
     * Whether it should be made anew. It is as it was made while datanodes stay the same, also when
     * its last table is dropped: servers look at different times, and until they all have, a new
     * table would be distributed differently on each.
     *
     * @param nodesChange whether datanodes come or go with this very change
     */
    boolean mustChange(List<String> datanodes, boolean nodesChange) {
        return !members.equals(datanodes) && (nodesChange || !exists());
    }

    /** What takes it away, before datanodes are dropped. */
    List<String> unmaking() {
        List<String> statements = new ArrayList<>();
        if (exists() && dealt) {
            statements.add("DROP SHARDING IN GROUP " + QuotedSql.name(name));
        }
        if (exists()) {
            statements.add("DROP NODE GROUP " + QuotedSql.name(name));
        }
        return statements;
    }

    /** What makes it, once all its datanodes are known. */
    static List<String> making(List<String> datanodes) {
        if (datanodes.isEmpty()) {
            return List.of();
        }
        return List.of(creation(NAME, datanodes), dealing(NAME));
    }

    private static String creation(String group, List<String> members) {
        return "CREATE DEFAULT NODE GROUP "
                + group
                + " WITH ("
                + members.stream().map(QuotedSql::name).collect(Collectors.joining(", "))
                + ")";
    }

    /** What a server lacks that took the group from another: dumps do not have it. */
    List<String> completing() {
        return exists() && !dealt ? List.of(dealing(QuotedSql.name(name))) : List.of();
    }

    private static String dealing(String group) {
        return "CREATE SHARDING GROUP TO GROUP " + group;
    }
}
