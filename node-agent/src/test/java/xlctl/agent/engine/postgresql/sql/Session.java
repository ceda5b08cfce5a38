package xlctl.agent.engine.postgresql.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A client's session of one server, with short words for what tests say to it. */
final class Session implements AutoCloseable {
    private final Connection connection;

    Session(Connection connection) {
        this.connection = connection;
    }

    Connection connection() {
        return connection;
    }

    void run(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
        }
    }

    /** How many rows it wrote. */
    int write(String text) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(text);
        }
    }

    /** All rows, the columns of each joined by bars. */
    List<String> rows(String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(query)) {
            List<String> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(result.getString(column));
                }
                rows.add(String.join("|", row));
            }
            return rows;
        }
    }

    /** The one row of a query. */
    String value(String query) throws SQLException {
        List<String> rows = rows(query);
        if (rows.size() != 1) {
            throw new AssertionError(query + " has " + rows.size() + " rows");
        }
        return rows.get(0);
    }

    long number(String query) throws SQLException {
        return Long.parseLong(value(query));
    }

    void ddl(String... statements) throws SQLException {
        try (PreparedStatement call = connection.prepareStatement("CALL xl.ddl(?)")) {
            for (String text : statements) {
                call.setString(1, text);
                call.execute();
            }
        }
    }

    void createTable(String text, String distributeBy) throws SQLException {
        createTable(text, distributeBy, 6);
    }

    void createTable(String text, String distributeBy, int partitions) throws SQLException {
        try (PreparedStatement call =
                connection.prepareStatement("CALL xl.create_table(?, ?, ?)")) {
            call.setString(1, text);
            call.setString(2, distributeBy);
            call.setInt(3, partitions);
            call.execute();
        }
    }

    /** Something said to a session. */
    @FunctionalInterface
    interface Call {
        void of(Session session) throws SQLException;
    }

    /** What the server said against it: it must fail. */
    Refusal refusal(Call call) {
        try {
            call.of(this);
        } catch (PSQLException e) {
            return Refusal.of(e);
        } catch (SQLException e) {
            throw new AssertionError("failed otherwise than by the server", e);
        }
        throw new AssertionError("it was not refused");
    }

    Refusal refusal(String statement) {
        return refusal(session -> session.run(statement));
    }

    Refusal ddlRefusal(String statement) {
        return refusal(session -> session.ddl(statement));
    }

    /** An error of a server, in its parts. What was not said is empty. */
    record Refusal(String state, String message, String hint) {
        private static Refusal of(PSQLException e) {
            ServerErrorMessage said = e.getServerErrorMessage();
            return new Refusal(
                    String.valueOf(e.getSQLState()),
                    said == null ? e.getMessage() : text(said.getMessage()),
                    said == null ? "" : text(said.getHint()));
        }

        private static String text(String said) {
            return said == null ? "" : said;
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
