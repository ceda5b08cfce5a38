package xlctl.agent.engine.postmaster;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/** Statements of which the server takes no parameters, so that names and values are quoted here. */
public final class Sql {
    private final Connection connection;
    private final PGConnection quoting;

    public Sql(Connection connection) throws SQLException {
        this.connection = connection;
        this.quoting = connection.unwrap(PGConnection.class);
    }

    public String name(String name) throws SQLException {
        return quoting.escapeIdentifier(name);
    }

    public String text(String value) throws SQLException {
        return "'" + quoting.escapeLiteral(value) + "'";
    }

    public void run(String statement) throws SQLException {
        try (Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }
}
