package xlctl.agent.engine.xl;

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
 * Reads from every datanode through a coordinator, and writes to all of them in one transaction
 * that is rolled back. Changes no definitions: it works while those are locked, and while another
 * coordinator is down.
 */
final class DeepCheck {
    private static final String TABLE = "xlctl_probe";
    private static final String ON_EVERY_DATANODE =
            "CREATE TEMPORARY TABLE " + TABLE + " (a int) DISTRIBUTE BY REPLICATION";

    private DeepCheck() {}

    static Reply.DeepReport run(SuperuserConnections connections, Flavor flavor) {
        try (Connection connection = connections.open()) {
            List<String> datanodes =
                    Databases.column(
                            connection,
                            "SELECT node_name FROM pgxc_node WHERE node_type = 'D' ORDER BY 1");
            if (datanodes.isEmpty()) {
                return Reply.DeepReport.inBoth(Optional.empty());
            }
            String question = flavor.needsShardingGroup() ? ShardingGroup.DEALT : "SELECT 1";
            return new Reply.DeepReport(read(connection, datanodes, question), write(connection));
        } catch (SQLException e) {
            return Reply.DeepReport.inBoth(Optional.of(SuperuserConnections.reason(e)));
        }
    }

    /**
     * @param question to which every datanode should have the coordinator's answer
     */
    private static Optional<String> read(
            Connection connection, List<String> datanodes, String question) throws SQLException {
        List<String> own = Databases.column(connection, question);
        Sql sql = new Sql(connection);
        List<String> troubles = new ArrayList<>();
        for (String datanode : datanodes) {
            try {
                List<String> there =
                        Databases.column(
                                connection,
                                "EXECUTE DIRECT ON ("
                                        + sql.name(datanode)
                                        + ") "
                                        + sql.text(question));
                if (!there.equals(own)) {
                    troubles.add(
                            "from "
                                    + datanode
                                    + ": it takes other shards for its own than this coordinator"
                                    + " sends it, and shows no rows of the others");
                }
            } catch (SQLException e) {
                troubles.add("from " + datanode + ": " + SuperuserConnections.reason(e));
            }
        }
        return troubles.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", troubles));
    }

    private static Optional<String> write(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET LOCAL search_path = pg_temp");
            statement.execute(ON_EVERY_DATANODE);
            statement.execute("INSERT INTO " + TABLE + " VALUES (1)");
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(SuperuserConnections.reason(e));
        } finally {
            connection.rollback();
        }
    }
}
