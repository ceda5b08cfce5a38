package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.DdlLock;

/**
 * Keeps DDL out of all databases of a cluster, by one session in each. While coordinators are
 * several, the engine's own lock for adding nodes does it: DDL fails at once. It belongs to one
 * database, and has no effect with a single coordinator; then the catalogs are locked as tables,
 * and DDL waits. Rows are written as ever. Both outlive changes of {@code pgxc_node} and reloads of
 * the pooler.
 */
final class ClusterDdlLock implements DdlLock {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDdlLock.class);
    private static final String ENGINES_OWN = "SELECT pgxc_lock_for_backup()";

    /** In which every change of a database's definitions leaves something. */
    private static final List<String> CATALOGS =
            List.of(
                    "pg_attribute",
                    "pg_class",
                    "pg_constraint",
                    "pg_depend",
                    "pg_extension",
                    "pg_namespace",
                    "pg_proc",
                    "pg_rewrite",
                    "pg_type",
                    "pgxc_class");

    /** Likewise of what all databases share. */
    private static final List<String> SHARED_CATALOGS =
            List.of(
                    "pg_auth_members",
                    "pg_authid",
                    "pg_database",
                    "pg_db_role_setting",
                    "pg_shdepend",
                    "pgxc_group");

    private static final String HELD =
            "SELECT count(*) FROM pg_locks WHERE granted AND pid = pg_backend_pid()"
                    + " AND (locktype = 'advisory' AND classid = 65535 AND mode = 'ExclusiveLock'"
                    + " OR locktype = 'relation' AND relation = 'pg_catalog.pg_class'::regclass"
                    + " AND mode = 'ShareRowExclusiveLock')";

    private final List<Connection> sessions = new ArrayList<>();

    private ClusterDdlLock() {}

    /**
     * @param databases all that can be connected to
     * @param severalCoordinators whether the cluster has more than one
     */
    static ClusterDdlLock take(
            List<String> databases, Databases.Door door, boolean severalCoordinators)
            throws SQLException {
        ClusterDdlLock lock = new ClusterDdlLock();
        try {
            for (String database : databases) {
                boolean first = lock.sessions.isEmpty();
                Connection session = door.open(database);
                lock.sessions.add(session);
                session.setAutoCommit(severalCoordinators);
                try (Statement statement = session.createStatement()) {
                    statement.execute(severalCoordinators ? ENGINES_OWN : catalogLock(first));
                }
            }
        } catch (SQLException e) {
            lock.close();
            throw e;
        }
        return lock;
    }

    /** It conflicts with itself: nobody else can have it at the same time. */
    static String catalogLock(boolean shared) {
        List<String> catalogs = new ArrayList<>(CATALOGS);
        if (shared) {
            catalogs.addAll(SHARED_CATALOGS);
        }
        return "LOCK TABLE pg_catalog."
                + String.join(", pg_catalog.", catalogs)
                + " IN SHARE ROW EXCLUSIVE MODE NOWAIT";
    }

    @Override
    public boolean held() {
        for (Connection session : sessions) {
            try (Statement statement = session.createStatement();
                    ResultSet row = statement.executeQuery(HELD)) {
                row.next();
                if (row.getInt(1) == 0) {
                    return false;
                }
            } catch (SQLException sessionIsGone) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void close() {
        for (Connection session : sessions) {
            try {
                session.close();
            } catch (SQLException e) {
                LOG.debug("closing a session of a DDL lock", e);
            }
        }
    }
}
