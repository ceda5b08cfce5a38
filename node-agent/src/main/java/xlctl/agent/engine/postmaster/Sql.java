package xlctl.agent.engine.postmaster;

import java.sql.Connection;
import java.sql.PreparedStatement;
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

    /**
     * Runs a statement with a secret in it, within the caller's transaction: nobody sees it as what
     * the session is doing.
     */
    public void runUnseen(String statement) throws SQLException {
        try (PreparedStatement setting =
                connection.prepareStatement("SELECT set_config('xlctl.statement', ?, true)")) {
            setting.setString(1, statement);
            setting.execute();
            run("DO 'BEGIN EXECUTE pg_catalog.current_setting(''xlctl.statement''); END'");
            setting.setString(1, "");
            setting.execute();
        }
    }

    public void run(String statement) throws SQLException {
        try (Statement running = connection.createStatement()) {
            running.execute(statement);
        }
    }
}
