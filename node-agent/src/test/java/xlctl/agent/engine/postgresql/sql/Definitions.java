package xlctl.agent.engine.postgresql.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is defined on each node, so that it can be compared, and that nothing is half done. */
final class Definitions {
    /** Local tables and the schemas of xlctl itself are no concern of the others. */
    private static final List<String> QUERIES =
            List.of(
                    "SELECT 'relation', n.nspname, c.relname,"
                            + " CASE WHEN c.relkind IN ('r', 'p') THEN 'table' ELSE c.relkind::text END,"
                            + " pg_get_userbyid(c.relowner),"
                            + " (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod)"
                            + " || ' ' || a.attnotnull, ',' ORDER BY a.attnum) FROM pg_attribute a"
                            + " WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)"
                            + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                            + " WHERE n.nspname !~ '^(pg_|xl$|xl_parts$|information_schema$)'"
                            + " AND c.relkind IN ('r', 'p', 'v', 'S')",
                    "SELECT 'function', p.oid::regprocedure::text, p.prosrc FROM pg_proc p"
                            + " JOIN pg_namespace n ON n.oid = p.pronamespace"
                            + " WHERE n.nspname !~ '^(pg_|xl$|information_schema$)'",
                    "SELECT 'function of a call', p.oid::regprocedure::text FROM pg_proc p"
                            + " WHERE p.pronamespace = 'xl'::regnamespace AND p.proname ~ '^as_'",
                    "SELECT 'role', rolname, rolsuper, rolcreaterole, rolcreatedb, rolcanlogin,"
                            + " rolpassword IS NOT NULL, md5(rolpassword) FROM pg_authid"
                            + " WHERE rolname !~ '^(pg_|xlctl_)' AND rolname <> 'postgres'",
                    "SELECT 'schema', nspname, pg_get_userbyid(nspowner) FROM pg_namespace"
                            + " WHERE nspname !~ '^(pg_toast|pg_temp)'",
                    "SELECT 'noted', command FROM xl.noted",
                    "SELECT 'request', statement FROM xl.request");

    private Definitions() {}

    /** Of each node the same, or else which node has what. */
    static Map<String, List<String>> ofEachNode(SqlCluster cluster) throws SQLException {
        Map<String, List<String>> all = new TreeMap<>();
        for (String node : SqlCluster.NODES) {
            List<String> found = new ArrayList<>();
            for (String query : QUERIES) {
                found.addAll(cluster.kept(node).rows(query));
            }
            found.sort(null);
            all.put(node, List.copyOf(found));
        }
        return all;
    }

    /** What DDL left prepared, over all nodes. */
    static List<String> leftovers(SqlCluster cluster) throws SQLException {
        List<String> left = new ArrayList<>();
        for (String node : SqlCluster.NODES) {
            cluster.kept(node)
                    .rows("SELECT gid FROM pg_prepared_xacts")
                    .forEach(gid -> left.add(node + ": " + gid));
        }
        return left;
    }
}
