package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.DdlLock;

/**
 * Keeps DDL out of the whole cluster: the lock of all coordinators at the GTM, which belongs to a
 * session of this coordinator.
 */
final class GtmDdlLock implements DdlLock {
    /** Less than a session of the agent gives a statement. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(GtmDdlLock.class);

    private final Connection session;

    private GtmDdlLock(Connection session) {
        this.session = session;
    }

    /**
     * @param session the lock's own from then on
     * @param who is told to those who wait for it
     * @throws SQLException that names who has it, or says why the GTM cannot be asked
     */
    static GtmDdlLock take(Connection session, String who) throws SQLException {
        GtmDdlLock lock = new GtmDdlLock(session);
        try (PreparedStatement statement =
                session.prepareStatement("SELECT xl.lock_ddl(?, ?::interval)")) {
            statement.setString(1, who);
            statement.setString(2, PATIENCE.toString());
            statement.execute();
            return lock;
        } catch (SQLException e) {
            lock.close();
            throw e;
        }
    }

    @Override
    public boolean held() {
        try (Statement statement = session.createStatement();
                ResultSet row = statement.executeQuery("SELECT xl.ddl_locked()")) {
            row.next();
            return row.getBoolean(1);
        } catch (SQLException notLocked) {
            LOG.warn("DDL is not kept out any more: {}", notLocked.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("closing the session of a DDL lock", e);
        }
    }
}
