package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;
import xlctl.agent.api.Leftover;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;

/**
 * A node's way to others: in each database servers of {@code postgres_fdw}, and a mapping of
 * everyone to one of the internal roles, whose password the server finds in its own password file.
 * A coordinator has one per datanode, by the datanode's name; coordinators and datanodes have one
 * to the GTM. A comment marks the servers that xlctl keeps.
 */
final class ForeignServers {
    /** Leads to what the GTM has for all databases. */
    static final String GTM = "xl_gtm";

    private static final String MARK = "datanode of the cluster, kept by xlctl";
    private static final String GTM_MARK = "GTM of the cluster, kept by xlctl";
    private static final int FIRST_WITH_PARALLEL_COMMIT = 15;
    private static final String IN_USE = "2BP01";

    private static final String FROM =
            " FROM pg_foreign_server s"
                    + " LEFT JOIN pg_user_mapping m ON m.umserver = s.oid AND m.umuser = 0";

    private static final String TABLES_ON =
            """
            SELECT DISTINCT format('%I.%I', n.nspname, c.relname)
            FROM pg_foreign_table t
            JOIN pg_foreign_server s ON s.oid = t.ftserver
            JOIN pg_class c ON c.oid = coalesce(pg_partition_root(t.ftrelid), t.ftrelid)
            JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE s.srvname = ?
            ORDER BY 1
            """;

    private ForeignServers() {}

    private record Wanted(String name, String mark, Map<String, String> options) {}

    /**
     * @param mapping the options of the mapping of everyone; empty when there is none
     */
    private record Present(
            String name,
            String mark,
            Map<String, String> options,
            Optional<Map<String, String>> mapping) {
        boolean leadsToDatanode() {
            return mark.equals(MARK);
        }

        boolean isKept() {
            return mark.equals(MARK) || mark.equals(GTM_MARK);
        }
    }

    /**
     * Adds and alters within the caller's transaction; writes only what differs.
     *
     * @param datanodes those that the node reaches
     * @param verified what of libpq's options has it verify whom it reaches
     * @param internal as which role the node logs in to others
     */
    static void converge(
            Connection connection,
            List<Catalog.Entry> datanodes,
            Optional<HostPort> gtm,
            Map<String, String> verified,
            ServerRole internal,
            String database)
            throws SQLException {
        Sql sql = new Sql(connection);
        if (!hasExtension(connection)) {
            sql.run("CREATE EXTENSION postgres_fdw WITH SCHEMA pg_catalog");
        }
        List<Wanted> wanted = new ArrayList<>();
        int version = connection.getMetaData().getDatabaseMajorVersion();
        for (Catalog.Entry datanode : datanodes) {
            wanted.add(
                    new Wanted(
                            datanode.node().value(),
                            MARK,
                            options(datanode.master(), verified, database, version)));
        }
        gtm.ifPresent(
                address -> wanted.add(new Wanted(GTM, GTM_MARK, gtmOptions(address, verified))));
        Map<String, Present> present = present(connection);
        for (Wanted server : wanted) {
            converge(sql, server, login(internal), Optional.ofNullable(present.get(server.name())));
        }
    }

    private static void converge(
            Sql sql, Wanted wanted, Map<String, String> login, Optional<Present> present)
            throws SQLException {
        String server = "SERVER " + sql.name(wanted.name());
        if (present.isEmpty()) {
            sql.run(
                    "CREATE "
                            + server
                            + " FOREIGN DATA WRAPPER postgres_fdw"
                            + creating(sql, wanted.options()));
            sql.run("COMMENT ON " + server + " IS " + sql.text(wanted.mark()));
        } else if (!present.get().mark().equals(wanted.mark())) {
            throw new SQLException(
                    "the foreign server "
                            + wanted.name()
                            + " was not made by xlctl: rename it, "
                            + (wanted.mark().equals(MARK) ? "a datanode has" : "the GTM has")
                            + " its name");
        } else if (!present.get().options().equals(wanted.options())) {
            sql.run("ALTER " + server + altering(sql, present.get().options(), wanted.options()));
        }
        convergeMapping(sql, server, login, present.flatMap(Present::mapping));
    }

    private static void convergeMapping(
            Sql sql,
            String server,
            Map<String, String> login,
            Optional<Map<String, String>> present)
            throws SQLException {
        if (present.isEmpty()) {
            sql.run("CREATE USER MAPPING FOR PUBLIC " + server + creating(sql, login));
        } else if (!present.get().equals(login)) {
            sql.run(
                    "ALTER USER MAPPING FOR PUBLIC "
                            + server
                            + altering(sql, present.get(), login));
        }
    }

    /** As which role the node logs in, through the servers that are there and xlctl's. */
    static void convergeLogin(Connection connection, ServerRole internal) throws SQLException {
        Sql sql = new Sql(connection);
        for (Present server : present(connection).values()) {
            if (server.isKept()) {
                convergeMapping(
                        sql,
                        "SERVER " + sql.name(server.name()),
                        login(internal),
                        server.mapping());
            }
        }
    }

    private static Map<String, String> login(ServerRole internal) {
        return Map.of("user", internal.roleName(), "password_required", "false");
    }

    /**
     * Drops the servers of datanodes that are gone, each in a transaction of its own.
     *
     * @return those that remain because they are used, with what uses them
     */
    static List<Leftover> dropOthers(Connection connection, Catalog catalog, String database)
            throws SQLException {
        Set<String> wanted =
                catalog.datanodes().stream()
                        .map(datanode -> datanode.node().value())
                        .collect(Collectors.toSet());
        List<Leftover> used = new ArrayList<>();
        Sql sql = new Sql(connection);
        for (Present server : present(connection).values()) {
            if (server.leadsToDatanode() && !wanted.contains(server.name())) {
                try {
                    String name = sql.name(server.name());
                    sql.run("DROP USER MAPPING IF EXISTS FOR PUBLIC SERVER " + name);
                    sql.run("DROP SERVER " + name + " RESTRICT");
                    connection.commit();
                } catch (SQLException e) {
                    connection.rollback();
                    if (!IN_USE.equals(e.getSQLState())) {
                        throw e;
                    }
                    used.add(
                            new Leftover(
                                    server.name(), inUse(connection, server.name(), database, e)));
                }
            }
        }
        connection.commit();
        return used;
    }

    /** A deadlock over several servers, which none of them sees, ends by the limit for locks. */
    private static Map<String, String> options(
            HostPort datanode, Map<String, String> verified, String database, int version) {
        Map<String, String> options = address(datanode, verified, database);
        options.put("fetch_size", "1000");
        options.put("batch_size", "1000");
        options.put("async_capable", "true");
        options.put("options", "-c lock_timeout=10s");
        if (version >= FIRST_WITH_PARALLEL_COMMIT) {
            options.put("parallel_commit", "true");
        }
        return options;
    }

    private static Map<String, String> gtmOptions(HostPort gtm, Map<String, String> verified) {
        return address(gtm, verified, SuperuserConnections.MAINTENANCE_DATABASE);
    }

    /** One that swallows packets is given up for gone after a while. */
    private static Map<String, String> address(
            HostPort server, Map<String, String> verified, String database) {
        Map<String, String> options = new LinkedHashMap<>(verified);
        options.put("host", server.host().value());
        options.put("port", server.port().toString());
        options.put("dbname", database);
        options.put("connect_timeout", "5");
        return options;
    }

    private static String creating(Sql sql, Map<String, String> options) throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> option : options.entrySet()) {
            parts.add(option.getKey() + " " + sql.text(option.getValue()));
        }
        return " OPTIONS (" + String.join(", ", parts) + ")";
    }

    private static String altering(Sql sql, Map<String, String> present, Map<String, String> wanted)
            throws SQLException {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, String> option : wanted.entrySet()) {
            String before = present.get(option.getKey());
            if (!option.getValue().equals(before)) {
                parts.add(
                        (before == null ? "ADD " : "SET ")
                                + option.getKey()
                                + " "
                                + sql.text(option.getValue()));
            }
        }
        for (String option : present.keySet()) {
            if (!wanted.containsKey(option)) {
                parts.add("DROP " + sql.name(option));
            }
        }
        return " OPTIONS (" + String.join(", ", parts) + ")";
    }

    /** Whether there is one to the GTM. */
    static boolean leadToGtm(Connection connection) throws SQLException {
        Present gtm = present(connection).get(GTM);
        return gtm != null && gtm.mark().equals(GTM_MARK);
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
        Map<String, Map<String, String>> options =
                options(connection, "pg_options_to_table(s.srvoptions)");
        Map<String, Map<String, String>> mappings =
                options(connection, "pg_options_to_table(m.umoptions)");
        Map<String, Present> servers = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT s.srvname,"
                                        + " coalesce(obj_description(s.oid, 'pg_foreign_server'), ''),"
                                        + " m.oid IS NOT NULL"
                                        + FROM
                                        + " ORDER BY s.srvname")) {
            while (row.next()) {
                String name = row.getString(1);
                Optional<Map<String, String>> mapping =
                        row.getBoolean(3)
                                ? Optional.of(mappings.getOrDefault(name, Map.of()))
                                : Optional.empty();
                servers.put(
                        name,
                        new Present(
                                name,
                                row.getString(2),
                                options.getOrDefault(name, Map.of()),
                                mapping));
            }
        }
        return servers;
    }

    /** Those of each server that a function finds in it or in its mapping of everyone. */
    private static Map<String, Map<String, String>> options(Connection connection, String function)
            throws SQLException {
        Map<String, Map<String, String>> options = new LinkedHashMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT s.srvname, o.option_name, o.option_value"
                                        + FROM
                                        + " CROSS JOIN LATERAL "
                                        + function
                                        + " o")) {
            while (row.next()) {
                options.computeIfAbsent(row.getString(1), server -> new LinkedHashMap<>())
                        .put(row.getString(2), row.getString(3));
            }
        }
        return options;
    }

    /** The server names what depends on an object in its detail. */
    private static Problem inUse(
            Connection connection, String server, String database, SQLException why)
            throws SQLException {
        List<String> tables = tablesOn(connection, server);
        String what = "the foreign server " + server + " in database " + database;
        return tables.isEmpty()
                ? Problem.of(what + " cannot be dropped: " + inUseBy(why), "drop what uses it")
                : Problem.of(
                        what
                                + " cannot be dropped: that datanode had rows of "
                                + String.join(", ", tables),
                        "drop them, by xl.ddl");
    }

    /** Whose partitions, or themselves, are foreign tables of a server; with their schemas. */
    private static List<String> tablesOn(Connection connection, String server) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES_ON)) {
            statement.setString(1, server);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    tables.add(rows.getString(1));
                }
            }
        }
        return tables;
    }

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
