package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * DDL that is prepared on a server and that nobody finishes any more, because its coordinator died
 * or lost its way. The GTM's record says what becomes of it; while that is not decided it waits.
 */
final class LeftoverDdl {
    private static final Logger LOG = LoggerFactory.getLogger(LeftoverDdl.class);

    /** What is under way is prepared for a moment, too: that costs nobody a question to the GTM. */
    private static final String DATABASES =
            "SELECT DISTINCT database FROM pg_prepared_xacts WHERE gid ~ '^xl_ddl_[0-9]+$'"
                    + " AND prepared < clock_timestamp() - interval '500 ms'"
                    + " AND NOT pg_is_in_recovery()";

    /** From PostgreSQL 16 on connecting from a server has no limit of its own. */
    private static final String LIMIT = "SET statement_timeout = '12s'";

    private static final String NO_LIMIT = "RESET statement_timeout";

    private static final String ABSENT = "42704";
    private static final String BUSY = "55000";

    private final InstanceName instance;
    private final SuperuserConnections connections;

    LeftoverDdl(InstanceName instance, SuperuserConnections connections) {
        this.instance = instance;
        this.connections = connections;
    }

    /**
     * Finishes what is decided.
     *
     * @return why some of it could not be finished
     */
    List<Problem> finish() {
        List<String> databases;
        try {
            databases = connections.ask(connection -> Databases.column(connection, DATABASES));
        } catch (SQLException e) {
            // That a server does not answer is for its check to say.
            LOG.debug("looking for DDL that {} left", instance, e);
            return List.of();
        }
        List<Problem> problems = new ArrayList<>();
        for (String database : databases) {
            try (Connection connection = connections.open(database)) {
                finish(connection);
            } catch (SQLException e) {
                problems.add(
                        Problem.of(
                                instance
                                        + ": DDL that is prepared in database "
                                        + database
                                        + " waits to be finished: "
                                        + SuperuserConnections.reason(e),
                                "see that the GTM runs; its table xl.ddl says what was decided"));
            }
        }
        return problems;
    }

    private void finish(Connection connection) throws SQLException {
        Sql sql = new Sql(connection);
        for (Map.Entry<String, Boolean> decided : decided(connection).entrySet()) {
            String end = decided.getValue() ? "COMMIT" : "ROLLBACK";
            try {
                sql.run(end + " PREPARED " + sql.text(decided.getKey()));
                LOG.info("{}: {} of {}, which was left prepared", instance, end, decided.getKey());
            } catch (SQLException e) {
                // Its coordinator lives and was faster, or is just about it.
                if (!ABSENT.equals(e.getSQLState()) && !BUSY.equals(e.getSQLState())) {
                    throw e;
                }
            }
        }
    }

    /** By their names, and whether they are to be committed. */
    private static Map<String, Boolean> decided(Connection connection) throws SQLException {
        Map<String, Boolean> decided = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(LIMIT);
            try (ResultSet row = statement.executeQuery("SELECT gid, commit FROM xl.leftovers()")) {
                while (row.next()) {
                    decided.put(row.getString(1), row.getBoolean(2));
                }
            }
            statement.execute(NO_LIMIT);
        }
        return decided;
    }
}
