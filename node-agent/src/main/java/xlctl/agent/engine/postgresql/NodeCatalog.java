package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;

/**
 * {@code pgxc_node} in one database, with Postgres-XL's columns. It is a view on a table beside it,
 * both in {@code pg_catalog}: found whatever the search path, and left out of dumps. Works within
 * the caller's transaction and writes only what differs.
 */
final class NodeCatalog {
    /** What makes it, empty, in one transaction. */
    static final List<String> CREATION =
            List.of(
                    "SET LOCAL allow_system_table_mods = on",
                    "CREATE TABLE pg_catalog.xl_node (ordinal int PRIMARY KEY,"
                            + " node_name name NOT NULL, node_type \"char\" NOT NULL,"
                            + " node_port int NOT NULL, node_host name NOT NULL,"
                            + " nodeis_preferred boolean NOT NULL)",
                    "CREATE VIEW pg_catalog.pgxc_node AS SELECT node_name, node_type, node_port,"
                            + " node_host, false AS nodeis_primary, nodeis_preferred,"
                            + " hashtext(node_name::text) AS node_id"
                            + " FROM pg_catalog.xl_node ORDER BY ordinal",
                    "GRANT SELECT ON pg_catalog.pgxc_node TO PUBLIC",
                    // As initdb does for its own views: pg_dump then leaves the privilege out, too.
                    "INSERT INTO pg_catalog.pg_init_privs (objoid, classoid, objsubid, privtype,"
                            + " initprivs) SELECT oid, 'pg_class'::regclass, 0, 'i', relacl"
                            + " FROM pg_class WHERE oid = 'pg_catalog.pgxc_node'::regclass",
                    "SET LOCAL allow_system_table_mods = off");

    private NodeCatalog() {}

    private record Row(String name, String type, int port, String host, boolean preferred) {}

    static void converge(Connection connection, Catalog catalog, HostName own) throws SQLException {
        if (!exists(connection)) {
            create(connection);
        }
        List<Row> present = present(connection);
        List<Row> wanted = wanted(catalog, own);
        int same = 0;
        while (same < Math.min(present.size(), wanted.size())
                && present.get(same).equals(wanted.get(same))) {
            same++;
        }
        if (same < present.size()) {
            deleteAfter(connection, same);
        }
        if (same < wanted.size()) {
            insertAfter(connection, wanted, same);
        }
    }

    private static List<Row> wanted(Catalog catalog, HostName own) {
        List<Catalog.Entry> preferred = catalog.preferredDatanodes(own);
        List<Row> rows = new ArrayList<>();
        for (Catalog.Entry entry : catalog.entries()) {
            boolean datanode = entry.kind() == NodeKind.DATANODE;
            rows.add(
                    new Row(
                            entry.node().value(),
                            datanode ? "D" : "C",
                            entry.master().port().value(),
                            asName(entry.master().host().value()),
                            preferred.contains(entry)));
        }
        return rows;
    }

    /** The column takes 63 bytes, as in Postgres-XL; a longer DNS name is cut. */
    private static String asName(String host) {
        return host.substring(0, Math.min(63, host.length()));
    }

    private static boolean exists(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT to_regclass('pg_catalog.pgxc_node') IS NOT NULL")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static void create(Connection connection) throws SQLException {
        Sql sql = new Sql(connection);
        for (String statement : CREATION) {
            sql.run(statement);
        }
    }

    private static List<Row> present(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT node_name, node_type, node_port, node_host, nodeis_preferred"
                                        + " FROM pg_catalog.xl_node ORDER BY ordinal")) {
            while (row.next()) {
                rows.add(
                        new Row(
                                row.getString(1),
                                row.getString(2),
                                row.getInt(3),
                                row.getString(4),
                                row.getBoolean(5)));
            }
        }
        return rows;
    }

    private static void deleteAfter(Connection connection, int ordinal) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM pg_catalog.xl_node WHERE ordinal > ?")) {
            delete.setInt(1, ordinal);
            delete.executeUpdate();
        }
    }

    private static void insertAfter(Connection connection, List<Row> rows, int ordinal)
            throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "INSERT INTO pg_catalog.xl_node VALUES (?, ?, ?::\"char\", ?, ?, ?)")) {
            for (int index = ordinal; index < rows.size(); index++) {
                Row row = rows.get(index);
                insert.setInt(1, index + 1);
                insert.setString(2, row.name());
                insert.setString(3, row.type());
                insert.setInt(4, row.port());
                insert.setString(5, row.host());
                insert.setBoolean(6, row.preferred());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }
}
