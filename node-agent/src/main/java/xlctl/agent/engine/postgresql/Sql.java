package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** Statements of which the server takes no parameters, so that names and values are quoted here. */
final class Sql {
    private final Connection connection;
    private final PGConnection quoting;

    Sql(Connection connection) throws SQLException {
        this.connection = connection;
        this.quoting = connection.unwrap(PGConnection.class);
    }

    String name(String name) throws SQLException {
        return quoting.escapeIdentifier(name);
    }

    String text(String value) throws SQLException {
        return "'" + quoting.escapeLiteral(value) + "'";
    }

    void run(String statement) throws SQLException {
        try (Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }
}
