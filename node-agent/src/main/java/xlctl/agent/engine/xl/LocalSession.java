package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import xlctl.agent.engine.postmaster.SuperuserConnections;

/**
 * Changes one server's copy of what nodes share. A coordinator changes it on all nodes that it
 * knows, unless the engine has a kind of session for one server alone; a datanode lets nobody else
 * than coordinators change anything, unless it is told at the begin.
 */
final class LocalSession {
    private final Optional<String> options;
    private final SuperuserConnections connections;

    LocalSession(Flavor flavor, SuperuserConnections connections) {
        this.options = flavor.localSession();
        this.connections = connections;
    }

    /**
     * As a whole or not at all.
     *
     * @param connection does it where the engine has no such session
     */
    void run(Connection connection, List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        if (options.isEmpty()) {
            runOver(connection, statements);
        } else {
            try (Connection local = connections.openWith(options.get())) {
                runOver(local, statements);
            }
        }
    }

    private static void runOver(Connection connection, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN READ WRITE");
            try {
                for (String text : statements) {
                    statement.execute(text);
                }
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }
}
