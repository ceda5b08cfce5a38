package xlctl.agent.host;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import xlctl.topology.HostPort;
import xlctl.topology.Node;
import xlctl.topology.ServerRole;

/** Logs in to servers under test, and asks or tells them something. */
final class TestClient {
    private TestClient() {}

    static Connection connect(Node node, ServerRole role, String database) throws SQLException {
        HostPort address = node.instances().get(0).address();
        Properties properties = new Properties();
        properties.setProperty("user", role.roleName());
        properties.setProperty("password", TestSecrets.PASSWORDS.get(role).reveal());
        // Postgres-XL hands it on to other nodes without quoting it.
        properties.setProperty("ApplicationName", "xlctl_test");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + address + "/" + database, properties);
    }

    /** The rows of a query, their columns joined with bars, as psql shows them unaligned. */
    static List<String> query(Connection connection, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            int columns = row.getMetaData().getColumnCount();
            while (row.next()) {
                List<String> values = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    values.add(row.getString(column));
                }
                rows.add(String.join("|", values));
            }
        }
        return rows;
    }

    static List<String> query(Node node, ServerRole role, String query) throws SQLException {
        try (Connection connection = connect(node, role, "postgres")) {
            return query(connection, query);
        }
    }

    static void execute(Node node, ServerRole role, String database, String... statements)
            throws SQLException {
        try (Connection connection = connect(node, role, database);
                Statement running = connection.createStatement()) {
            for (String statement : statements) {
                running.execute(statement);
            }
        }
    }
}
