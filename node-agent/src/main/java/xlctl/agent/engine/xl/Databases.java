package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** What is asked of every database of a server. */
final class Databases {
    private static final String USER_TABLES =
            "SELECT n.nspname || '.' || c.relname"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'"
                    + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast',"
                    + " 'storm_catalog', 'pg_oracle')"
                    + " AND NOT EXISTS (SELECT 1 FROM pg_depend d"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                    + " AND d.deptype = 'e')";

    private Databases() {}

    /** Opens a connection to one database. */
    @FunctionalInterface
    interface Door {
        Connection open(String database) throws SQLException;
    }

    static List<String> names(Connection connection) throws SQLException {
        return column(
                connection,
                "SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2"
                        + " ORDER BY oid");
    }

    /** The tables that users made, as {@code database.schema.table}. */
    static List<String> userTables(List<String> databases, Door door) throws SQLException {
        return tables(databases, door, USER_TABLES);
    }

    /**
     * @param query asked in every database; its rows are tables as {@code schema.table}
     */
    static List<String> tables(
            List<String> databases, Door door, String query, String... parameters)
            throws SQLException {
        List<String> tables = new ArrayList<>();
        for (String database : databases) {
            try (Connection connection = door.open(database)) {
                column(connection, query, parameters)
                        .forEach(table -> tables.add(database + "." + table));
            }
        }
        tables.sort(null);
        return tables;
    }

    static List<String> column(Connection connection, String query, String... parameters)
            throws SQLException {
        List<String> values = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    values.add(row.getString(1));
                }
            }
        }
        return values;
    }
}
