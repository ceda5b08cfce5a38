package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.engine.EngineException;

/** What is asked of every database of a server. */
public final class Databases {
    private static final String NAMES =
            "SELECT datname FROM pg_database WHERE datallowconn AND datconnlimit <> -2"
                    + " ORDER BY oid";

    private Databases() {}

    /** Opens a connection to one database. */
    @FunctionalInterface
    public interface Door {
        Connection open(String database) throws SQLException;
    }

    /** Those that can be connected to. */
    public static List<String> names(Connection connection) throws SQLException {
        return column(connection, NAMES);
    }

    /** As {@link #names(Connection)}, for a server from which definitions are taken. */
    public static List<String> names(DefinitionsServer source)
            throws EngineException, IOException, InterruptedException {
        return source.rows(SuperuserConnections.MAINTENANCE_DATABASE, NAMES).lines().toList();
    }

    /**
     * Tables of all of them as {@code database.schema.table}, sorted.
     *
     * @param query asked in every database; its rows are tables as {@code schema.table}
     */
    public static List<String> tables(
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

    /** The only column of a query's rows. */
    public static List<String> column(Connection connection, String query, String... parameters)
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
