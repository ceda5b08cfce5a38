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
}
