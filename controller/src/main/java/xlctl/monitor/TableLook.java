package xlctl.monitor;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import xlctl.store.ClusterSecrets;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.SqlName;

/** Reads over SQL, as the monitoring role, what a coordinator knows of a datanode's tables. */
public final class TableLook {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    /** What a datanode stores, asked of itself: sizes need no right to read the rows. */
    private static final String STORED =
            "SELECT n.nspname AS schema, c.relname AS name,"
                    + " coalesce(nullif(pg_stat_get_live_tuples(c.oid), 0),"
                    + " greatest(c.reltuples, 0)::bigint) AS rows,"
                    + " pg_total_relation_size(c.oid) AS bytes"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind = 'r' AND c.relpersistence <> 't'";

    private static final String TABLES =
            "SELECT n.nspname, c.relname, bool_or(p.partition ~ '^r'),"
                    + " pg_get_partkeydef(c.oid), count(*), sum(s.rows), sum(s.bytes)"
                    + " FROM xl.partitions p JOIN pg_class c ON c.oid = p.table_name"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " LEFT JOIN (SELECT r.* FROM xl.execute_direct(?, ?) AS d (answer),"
                    + " json_to_record(d.answer) AS r (schema text, name text, rows bigint, bytes bigint)) s"
                    + " ON s.schema = p.remote_schema AND s.name = p.remote_name"
                    + " WHERE p.node_name = ? AND (? = '' OR pg_get_userbyid(c.relowner) = ?)"
                    + " GROUP BY n.nspname, c.relname, c.oid ORDER BY n.nspname, c.relname";

    private final Driver driver = new Driver();

    /** That a server does not answer as it should; the message is the server's. */
    public static final class UnansweredException extends Exception {
        private static final long serialVersionUID = 1L;
        private static final String CONNECTION = "08";
        private static final String SHUTTING_DOWN = "57P";
        private static final String NO_ENTRY = "28000";

        private final boolean unreachable;
        private final boolean turnedAway;

        UnansweredException(SQLException cause) {
            super(String.valueOf(cause.getMessage()).lines().findFirst().orElse(""), cause);
            String state = String.valueOf(cause.getSQLState());
            unreachable = state.startsWith(CONNECTION) || state.startsWith(SHUTTING_DOWN);
            turnedAway = state.equals(NO_ENTRY);
        }

        /** Whether one of the two servers was not reached. */
        public boolean isUnreachable() {
            return unreachable;
        }

        /** Whether the coordinator does not let the monitoring role in from here. */
        public boolean isTurnedAway() {
            return turnedAway;
        }
    }

    /**
     * @param owner of the tables; empty for anybody
     * @throws UnansweredException when the coordinator or the datanode does not answer as it should
     */
    public List<StoredTable> on(
            NodeName datanode,
            SqlName database,
            Optional<SqlName> owner,
            HostPort coordinator,
            ClusterSecrets secrets)
            throws UnansweredException {
        Properties login = MonitorLogin.of(secrets).properties();
        login.setProperty("connectTimeout", "5");
        login.setProperty("socketTimeout", Long.toString(LIMIT.toSeconds()));
        login.setProperty("options", "-c search_path=pg_catalog");
        String name = URLEncoder.encode(database.value(), StandardCharsets.UTF_8);
        try (Connection connection =
                        driver.connect("jdbc:postgresql://" + coordinator + "/" + name, login);
                PreparedStatement query = connection.prepareStatement(TABLES)) {
            query.setString(1, datanode.value());
            query.setString(2, STORED);
            query.setString(3, datanode.value());
            query.setString(4, owner.map(SqlName::value).orElse(""));
            query.setString(5, owner.map(SqlName::value).orElse(""));
            List<StoredTable> tables = new ArrayList<>();
            try (ResultSet row = query.executeQuery()) {
                while (row.next()) {
                    tables.add(table(row));
                }
            }
            return tables;
        } catch (SQLException e) {
            throw new UnansweredException(e);
        }
    }

    private static StoredTable table(ResultSet row) throws SQLException {
        boolean replicated = row.getBoolean(3);
        String key = row.getString(4);
        return new StoredTable(
                row.getString(1),
                row.getString(2),
                replicated ? "Replicate" : "Hash",
                replicated ? "- none -" : key.substring(key.indexOf('(') + 1, key.length() - 1),
                row.getInt(5),
                row.getLong(6),
                row.getLong(7));
    }
}
