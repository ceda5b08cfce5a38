package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.agent.engine.postmaster.SuperuserConnections;

/**
 * Reads from every datanode through a coordinator, and writes to all of them in one transaction
 * that is rolled back. Changes no definitions: it works while those are locked, and while another
 * coordinator is down.
 */
final class DeepProbe {
    private static final String TABLE = "xlctl_probe";

    private DeepProbe() {}

    static Reply.DeepReport run(SuperuserConnections connections, Flavor flavor) {
        try (Connection connection = connections.open()) {
            List<String> datanodes =
                    Databases.column(
                            connection,
                            "SELECT node_name FROM pgxc_node WHERE node_type = 'D' ORDER BY 1");
            if (datanodes.isEmpty()) {
                return new Reply.DeepReport(Optional.empty(), Optional.empty());
            }
            return new Reply.DeepReport(read(connection, datanodes), write(connection, flavor));
        } catch (SQLException e) {
            Optional<String> reason = Optional.of(SuperuserConnections.reason(e));
            return new Reply.DeepReport(reason, reason);
        }
    }

    private static Optional<String> read(Connection connection, List<String> datanodes) {
        List<String> troubles = new ArrayList<>();
        for (String datanode : datanodes) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "EXECUTE DIRECT ON ("
                                + new Sql(connection).name(datanode)
                                + ") 'SELECT 1'");
            } catch (SQLException e) {
                troubles.add("from " + datanode + ": " + SuperuserConnections.reason(e));
            }
        }
        return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
    }

    private static Optional<String> write(Connection connection, Flavor flavor)
            throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = pg_temp");
            statement.execute(flavor.temporaryTableOnEveryDatanode(TABLE));
            statement.execute("INSERT INTO " + TABLE + " VALUES (1)");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(SuperuserConnections.reason(e));
        } finally {
            connection.rollback();
        }
    }
}
