package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** A database of a server that can be connected to. */
record Database(String name, boolean template) {

    static List<Database> all(Connection connection) throws SQLException {
        List<Database> databases = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT datname, datistemplate FROM pg_database"
                                        + " WHERE datallowconn AND datconnlimit <> -2 ORDER BY oid")) {
            while (rows.next()) {
                databases.add(new Database(rows.getString(1), rows.getBoolean(2)));
            }
        }
        return databases;
    }

    /**
     * Tables as {@code database.schema.table}: no parts of tables, none that extensions brought.
     */
    List<String> userTables(Connection connection) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery(
                                "SELECT n.nspname || '.' || c.relname"
                                        + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                                        + " WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'"
                                        + " AND NOT c.relispartition"
                                        + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast')"
                                        + " AND NOT EXISTS (SELECT FROM pg_depend d"
                                        + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                                        + " AND d.deptype = 'e')")) {
            while (rows.next()) {
                tables.add(name + "." + rows.getString(1));
            }
        }
        return tables;
    }
}
