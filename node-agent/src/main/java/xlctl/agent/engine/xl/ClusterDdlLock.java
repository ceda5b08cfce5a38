package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.DdlLock;

/**
 * The engine's own lock for adding nodes. While a session of a coordinator has it, DDL fails at
 * once through every coordinator, and rows are written as ever. It outlives changes of {@code
 * pgxc_node} and reloads of the pooler.
 */
final class ClusterDdlLock implements DdlLock {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDdlLock.class);
    private static final String HELD =
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                    + " AND mode = 'ExclusiveLock' AND classid = 65535 AND pid = pg_backend_pid()";

    private final Connection connection;

    private ClusterDdlLock(Connection connection) {
        this.connection = connection;
    }

    /** The connection is the lock's from now on. */
    static ClusterDdlLock take(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pgxc_lock_for_backup()");
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new ClusterDdlLock(connection);
    }

    @Override
    public boolean held() {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(HELD)) {
            row.next();
            return row.getInt(1) > 0;
        } catch (SQLException sessionIsGone) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("closing the session of a DDL lock", e);
        }
    }
}
