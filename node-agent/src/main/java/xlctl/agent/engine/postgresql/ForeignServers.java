package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/**
 * A coordinator's way to the datanodes: in each database one server of {@code postgres_fdw} per
 * datanode, by the datanode's name, and a mapping of everyone to the internal role, whose password
 * the server finds in its own password file. A comment marks the servers that xlctl keeps.
 */
final class ForeignServers {
    private static final String MARK = "datanode of the cluster, kept by xlctl";

    private ForeignServers() {}

    private record Present(String name, Map<String, String> options, boolean ours) {}

    /** Adds and alters within the caller's transaction; writes only what differs. */
    static void converge(Connection connection, Catalog catalog, String database)
            throws SQLException {
        Sql sql = new Sql(connection);
        if (!hasExtension(connection)) {
            sql.run("CREATE EXTENSION postgres_fdw WITH SCHEMA pg_catalog");
        }
        Map<String, Present> present = present(connection);
        for (Catalog.Entry datanode : catalog.datanodes()) {
            String name = datanode.node().value();
            Map<String, String> wanted = options(datanode, database);
            Present server = present.get(name);
            if (server == null) {
                create(sql, name, wanted);
            } else if (!server.ours()) {
                throw new SQLException(
                        "the foreign server "
                                + name
                                + " was not made by xlctl: rename it, a datanode has its name");
            } else if (!server.options().equals(wanted)) {
                alter(sql, server, wanted);
            }
        }
    }

    /**
     * Drops the servers of datanodes that are gone, each in a transaction of its own.
     *
     * @return why those that remain could not be dropped
     */
    static List<Problem> dropOthers(Connection connection, Catalog catalog, String database)
            throws SQLException {
        Set<String> wanted =
                catalog.datanodes().stream()
                        .map(datanode -> datanode.node().value())
                        .collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>();
        Sql sql = new Sql(connection);
        for (Present server : present(connection).values()) {
            if (server.ours() && !wanted.contains(server.name())) {
                try {
                    String name = sql.name(server.name());
                    sql.run("DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER " + name);
                    sql.run("DROP SERVER " + name + " RESTRICT");
                    connection.commit();
                } catch (SQLException e) {
                    connection.rollback();
                    problems.add(
                            Problem.of(
                                    "the foreign server "
                                            + server.name()
                                            + " in database "
                                            + database
                                            + " cannot be dropped: "
                                            + inUseBy(e),
                                    "drop what uses it"));
                }
            }
        }
        connection.commit();
        return problems;
    }

    private static Map<String, String> options(Catalog.Entry datanode, String database) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("host", datanode.master().host().value());
        options.put("port", datanode.master().port().toString());
        options.put("dbname", database);
        options.put("fetch_size", "1000");
        options.put("batch_size", "100");
        return options;
    }

    private static void create(Sql sql, String server, Map<String, String> options)
            throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> option : options.entrySet()) {
            parts.add(option.getKey() + " " + sql.text(option.getValue()));
        }
        String name = sql.name(server);
        sql.run(
                "CREATE SERVER "
                        + name
                        + " FOREIGN DATA WRAPPER postgres_fdw OPTIONS ("
                        + String.join(", ", parts)
                        + ")");
        sql.run("COMMENT ON SERVER " + name + " IS " + sql.text(MARK));
        sql.run(
                "CREATE USER MAPPING FOR PUBLIC SERVER "
                        + name
                        + " OPTIONS (user "
                        + sql.text(ServerRole.INTERNAL.roleName())
                        + ", password_required 'false')");
    }

    private static void alter(Sql sql, Present server, Map<String, String> wanted)
            throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> option : wanted.entrySet()) {
            String present = server.options().get(option.getKey());
            if (!option.getValue().equals(present)) {
                parts.add(
                        (present == null ? "ADD " : "SET ")
                                + option.getKey()
                                + " "
                                + sql.text(option.getValue()));
            }
        }
        for (String option : server.options().keySet()) {
            if (!wanted.containsKey(option)) {
                parts.add("DROP " + sql.name(option));
            }
        }
        sql.run(
                "ALTER SERVER "
                        + sql.name(server.name())
                        + " OPTIONS ("
                        + String.join(", ", parts)
                        + ")");
    }

    private static boolean hasExtension(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT EXISTS (SELECT FROM pg_extension WHERE extname = 'postgres_fdw')")) {
            row.next();
            return row.getBoolean(1);
        }
    }

    private static Map<String, Present> present(Connection connection) throws SQLException {
        Map<String, Map<String, String>> options = new LinkedHashMap<>();
        Map<String, Present> servers = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT s.srvname, o.option_name, o.option_value,"
                                        + " coalesce(obj_description(s.oid, 'pg_foreign_server'), '') = '"
                                        + MARK
                                        + "' FROM pg_foreign_server s"
                                        + " LEFT JOIN LATERAL pg_options_to_table(s.srvoptions) o ON true"
                                        + " ORDER BY s.srvname")) {
            while (row.next()) {
                String name = row.getString(1);
                Map<String, String> its =
                        options.computeIfAbsent(name, key -> new LinkedHashMap<>());
                if (row.getString(2) != null) {
                    its.put(row.getString(2), row.getString(3));
                }
                servers.put(name, new Present(name, its, row.getBoolean(4)));
            }
        }
        return servers;
    }

    /** The server names what depends on an object in its detail. */
    private static String inUseBy(SQLException e) {
        if (e instanceof PSQLException known) {
            ServerErrorMessage message = known.getServerErrorMessage();
            if (message != null && message.getDetail() != null) {
                return message.getDetail().lines().collect(Collectors.joining(", "));
            }
        }
        return String.valueOf(e.getMessage());
    }
}
