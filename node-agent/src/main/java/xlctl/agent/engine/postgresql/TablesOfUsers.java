package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.NodeKind;

/**
 * The tables of users that would be lost with a server. Definitions are on every node: a
 * distributed table is lost with a datanode that has a partition of it, a replicated one with the
 * datanode that has its rows, and neither with a coordinator.
 */
final class TablesOfUsers {
    private static final String FROM =
            " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";

    /** None that extensions brought. */
    private static final String USERS =
            " c.relpersistence <> 't'"
                    + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'xl',"
                    + " 'xl_parts')"
                    + " AND NOT EXISTS (SELECT FROM pg_depend d"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                    + " AND d.deptype = 'e')";

    /** No parts of tables, and none whose parts datanodes have. */
    private static final String HERE_ALONE =
            "SELECT n.nspname || '.' || c.relname"
                    + FROM
                    + " WHERE c.relkind IN ('r', 'p', 'f') AND NOT c.relispartition AND"
                    + USERS
                    + " AND NOT EXISTS (SELECT FROM pg_inherits i"
                    + " JOIN pg_class p ON p.oid = i.inhrelid"
                    + " JOIN pg_namespace pn ON pn.oid = p.relnamespace"
                    + " WHERE i.inhparent = c.oid AND pn.nspname = 'xl_parts')";

    private static final String WITH_PARTITIONS =
            "SELECT DISTINCT coalesce(tn.nspname || '.' || t.relname, n.nspname || '.' || c.relname)"
                    + FROM
                    + " LEFT JOIN pg_inherits i ON i.inhrelid = c.oid"
                    + " LEFT JOIN pg_class t ON t.oid = i.inhparent"
                    + " LEFT JOIN pg_namespace tn ON tn.oid = t.relnamespace"
                    + " WHERE c.relkind = 'r' AND n.nspname = 'xl_parts'";

    private static final String WITH_STORAGE =
            "SELECT n.nspname, c.relname, EXISTS (SELECT FROM aclexplode(c.relacl) a"
                    + " JOIN pg_roles r ON r.oid = a.grantee"
                    + " WHERE r.rolname = 'xlctl_internal' AND a.privilege_type = 'TRUNCATE')"
                    + FROM
                    + " WHERE c.relkind = 'r' AND"
                    + USERS;

    private TablesOfUsers() {}

    /** Over all databases, as {@code database.schema.table}, sorted. */
    static List<String> lostWithout(NodeKind kind, Databases.Door door, List<String> databases)
            throws SQLException {
        if (kind != NodeKind.DATANODE) {
            return Databases.tables(databases, door, HERE_ALONE);
        }
        List<String> tables = new ArrayList<>(Databases.tables(databases, door, WITH_PARTITIONS));
        for (String database : databases) {
            try (Connection connection = door.open(database)) {
                withRows(connection).forEach(table -> tables.add(database + "." + table));
            }
        }
        tables.sort(null);
        return tables;
    }

    private static List<String> withRows(Connection connection) throws SQLException {
        Sql sql = new Sql(connection);
        List<String> found = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                Statement looking = connection.createStatement();
                ResultSet table = statement.executeQuery(WITH_STORAGE)) {
            while (table.next()) {
                String schema = table.getString(1);
                String name = table.getString(2);
                if (table.getBoolean(3)) {
                    found.add(schema + "." + name);
                    continue;
                }
                try (ResultSet row =
                        looking.executeQuery(
                                "SELECT FROM ONLY "
                                        + sql.name(schema)
                                        + "."
                                        + sql.name(name)
                                        + " LIMIT 1")) {
                    if (row.next()) {
                        found.add(schema + "." + name);
                    }
                }
            }
        }
        return found;
    }
}
