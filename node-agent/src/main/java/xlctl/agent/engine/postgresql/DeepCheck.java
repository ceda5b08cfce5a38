package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.agent.engine.postmaster.SuperuserConnections;

/**
 * Reads over every foreign server of a coordinator but the one to the GTM, which rows do not need,
 * and writes to the server's own WAL. Leaves nothing behind.
 */
final class DeepCheck {
    private static final String FOREIGN_SERVERS =
            "SELECT srvname FROM pg_foreign_server WHERE srvname <> '"
                    + ForeignServers.GTM
                    + "' ORDER BY 1";

    private DeepCheck() {}

    static Reply.DeepReport run(SuperuserConnections connections, boolean overForeignServers) {
        try (Connection connection = connections.open()) {
            List<String> reading = new ArrayList<>();
            if (overForeignServers) {
                for (String server : Databases.column(connection, FOREIGN_SERVERS)) {
                    read(connection, server).ifPresent(reading::add);
                }
            }
            Optional<String> readTrouble =
                    reading.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", reading));
            return new Reply.DeepReport(readTrouble, write(connection));
        } catch (SQLException e) {
            return Reply.DeepReport.inBoth(Optional.of(SuperuserConnections.reason(e)));
        }
    }

    private static Optional<String> read(Connection connection, String server) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "CREATE FOREIGN TABLE pg_temp.xlctl_read (datname name) SERVER "
                            + new Sql(connection).name(server)
                            + " OPTIONS (schema_name 'pg_catalog', table_name 'pg_database')");
            statement.execute("SELECT datname FROM pg_temp.xlctl_read");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of("through " + server + ": " + SuperuserConnections.reason(e));
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static Optional<String> write(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_logical_emit_message(true, 'xlctl', 'written')");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(SuperuserConnections.reason(e));
        }
    }
}
