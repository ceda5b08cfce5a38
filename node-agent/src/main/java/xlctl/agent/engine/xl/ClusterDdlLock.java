package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.postmaster.Databases;

/**
 * Keeps DDL out of all databases of a cluster, by one session in each. The engine's own lock for
 * adding nodes does it: DDL fails at once. It belongs to one database, and in Postgres-XL has no
 * effect with a single coordinator; there the catalogs are locked as tables then, and DDL waits.
 * Rows are written as ever. Both outlive changes of {@code pgxc_node} and reloads of the pooler.
 *
 * <p>A single coordinator that knows no datanode refuses all DDL by itself, and locks of tables as
 * well. What its catalogs have is noted then; once it knows a datanode they are locked, and must be
 * as they were.
 *
 * <p>A server that is told of other nodes cancels whatever its sessions do just then. That takes
 * locks of tables away, too: they are taken again, and the catalogs must be as they were.
 */
final class ClusterDdlLock implements DdlLock {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterDdlLock.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long LOOK_AGAIN_MILLIS = 100;

    /** Nobody else cancels statements of these sessions, but for a timeout beyond all patience. */
    private static final String CANCELLED = "57014";

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
                    "pg_shdepend");

    private static final String HELD =
            "SELECT count(*) FROM pg_locks WHERE granted AND pid = pg_backend_pid()"
                    + " AND (locktype = 'advisory' AND classid = 65535 AND mode = 'ExclusiveLock'"
                    + " OR locktype = 'relation' AND relation = 'pg_catalog.pg_class'::regclass"
                    + " AND mode = 'ShareRowExclusiveLock')";

    private static final String DATANODES = "SELECT count(*) FROM pgxc_node WHERE node_type = 'D'";

    private final Databases.Door door;
    private final List<String> databases;

    /** One in each database. */
    private final List<Connection> sessions = new ArrayList<>();

    /** What the catalogs of each session had; empty where the engine's own lock does it. */
    private final List<String> noted = new ArrayList<>();

    /** Whether the catalogs that were noted are locked. */
    private boolean catalogsLocked;

    private ClusterDdlLock(Databases.Door door, List<String> databases) {
        this.door = door;
        this.databases = databases;
    }

    /**
     * @param connection to the coordinator
     * @param door to each of its databases
     * @param enginesOwn whether the engine's own lock has an effect
     */
    static ClusterDdlLock take(Connection connection, Databases.Door door, boolean enginesOwn)
            throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return takeOnce(connection, door, enginesOwn);
            } catch (SQLException e) {
                if (!cancelled(e)) {
                    throw e;
                }
                waitBeforeAnother(deadline, e);
            }
        }
    }

    private static ClusterDdlLock takeOnce(
            Connection connection, Databases.Door door, boolean enginesOwn) throws SQLException {
        List<String> databases = Databases.names(connection);
        boolean note = !enginesOwn && noDatanodes(connection);
        ClusterDdlLock lock = new ClusterDdlLock(door, databases);
        try {
            for (String database : databases) {
                boolean first = lock.sessions.isEmpty();
                Connection session = door.open(database);
                lock.sessions.add(session);
                if (!note) {
                    session.setAutoCommit(enginesOwn);
                    execute(session, enginesOwn ? ENGINES_OWN : catalogLock(first));
                }
                if (!enginesOwn) {
                    lock.noted.add(state(session));
                }
            }
            lock.catalogsLocked = !enginesOwn && !note;
            if (!Databases.names(connection).equals(databases)) {
                throw new SQLException("a database was made or dropped meanwhile");
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

    /** Locks what was only noted, if there is a datanode by now. */
    private boolean completed() throws SQLException {
        if (noted.isEmpty() || catalogsLocked || noDatanodes(sessions.get(0))) {
            return true;
        }
        for (int each = 0; each < sessions.size(); each++) {
            Connection session = sessions.get(each);
            session.setAutoCommit(false);
            lockOnceNodesKnowEachOther(session, catalogLock(each == 0));
            String now = state(session);
            if (!now.equals(noted.get(each))) {
                LOG.warn(
                        "DDL was not kept out of {}: its catalogs had {}, and have {}",
                        databases.get(each),
                        noted.get(each),
                        now);
                return false;
            }
        }
        catalogsLocked = true;
        return true;
    }

    /** A datanode that has just come serves a coordinator only when it knows it, too. */
    private static void lockOnceNodesKnowEachOther(Connection session, String lock)
            throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                execute(session, lock);
                return;
            } catch (SQLException e) {
                session.rollback();
                waitBeforeAnother(deadline, e);
            }
        }
    }

    private static boolean cancelled(SQLException e) {
        return CANCELLED.equals(e.getSQLState());
    }

    /** Throws what ended the last try when there is no time for another. */
    private static void waitBeforeAnother(long deadline, SQLException last) throws SQLException {
        if (System.nanoTime() >= deadline) {
            throw last;
        }
        try {
            Thread.sleep(LOOK_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw last;
        }
    }

    private static boolean noDatanodes(Connection session) throws SQLException {
        return Databases.column(session, DATANODES).get(0).equals("0");
    }

    /** Changes with every row of the catalogs that is made or changed. */
    private static String state(Connection session) throws SQLException {
        String each =
                Stream.concat(CATALOGS.stream(), SHARED_CATALOGS.stream())
                        .map(
                                catalog ->
                                        "(SELECT count(*) || ' ' || coalesce(max(xmin::text::bigint), 0)"
                                                + " FROM pg_catalog."
                                                + catalog
                                                + ")")
                        .collect(Collectors.joining(" || ' ' || "));
        return Databases.column(session, "SELECT " + each).get(0);
    }

    private static void execute(Connection session, String text) throws SQLException {
        try (Statement statement = session.createStatement()) {
            statement.execute(text);
        }
    }

    @Override
    public synchronized boolean held() {
        try {
            return stillHeld();
        } catch (SQLException e) {
            LOG.warn("DDL is not kept out any more: {}", e.getMessage());
            return false;
        }
    }

    private boolean stillHeld() throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean anew = false;
        while (true) {
            try {
                if (anew) {
                    beginAnew();
                }
                return completed() && (isOnlyNoted() || locked());
            } catch (SQLException e) {
                anew = !noted.isEmpty();
                if (!anew && !cancelled(e)) {
                    throw e;
                }
                waitBeforeAnother(deadline, e);
            }
        }
    }

    /** Locks of tables go with what was cancelled, and some sessions end. */
    private void beginAnew() throws SQLException {
        catalogsLocked = false;
        for (int each = 0; each < sessions.size(); each++) {
            closeSession(sessions.get(each));
            sessions.set(each, door.open(databases.get(each)));
        }
    }

    private boolean isOnlyNoted() {
        return !noted.isEmpty() && !catalogsLocked;
    }

    private boolean locked() throws SQLException {
        for (Connection session : sessions) {
            try (Statement statement = session.createStatement();
                    ResultSet row = statement.executeQuery(HELD)) {
                row.next();
                if (row.getInt(1) == 0) {
                    LOG.warn("DDL is not kept out any more: the lock is gone");
                    return false;
                }
            }
        }
        return true;
    }

    @Override
    public void close() {
        sessions.forEach(ClusterDdlLock::closeSession);
    }

    private static void closeSession(Connection session) {
        try {
            session.close();
        } catch (SQLException e) {
            LOG.debug("closing a session of a DDL lock", e);
        }
    }
}
