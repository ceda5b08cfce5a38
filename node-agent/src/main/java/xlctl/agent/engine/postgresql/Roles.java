package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.postmaster.KeptRole;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.NodeKind;
import xlctl.topology.ServerRole;

/** Makes the roles that xlctl keeps on a server as they should be. Writes only what differs. */
final class Roles {
    private Roles() {}

    static void converge(
            Connection connection, NodeKind kind, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        Sql sql = new Sql(connection);
        for (KeptRole role : kept(kind, verifiers)) {
            Optional<String> repair = role.repair(connection);
            if (repair.isPresent()) {
                sql.run(repair.get());
            }
        }
        if (verifiers.containsKey(ServerRole.MONITOR)) {
            makeMember(connection, sql, ServerRole.MONITOR, "pg_monitor");
        }
        if (kind.inCatalog() && verifiers.containsKey(ServerRole.DDL)) {
            makeMember(connection, sql, ServerRole.DDL, "pg_read_all_data");
        }
        if (kind == NodeKind.DATANODE && verifiers.containsKey(ServerRole.INTERNAL)) {
            makeMember(connection, sql, ServerRole.INTERNAL, "pg_read_all_data");
            makeMember(connection, sql, ServerRole.INTERNAL, "pg_write_all_data");
            leaveTriggersToCoordinators(connection, sql);
        }
    }

    /** The roles that a server has, whoever uses it, in the order in which they are made. */
    static List<KeptRole> kept(NodeKind kind, Map<ServerRole, PasswordVerifier> verifiers) {
        return Stream.of(ServerRole.values())
                .filter(verifiers::containsKey)
                .map(
                        role ->
                                new KeptRole(
                                        role,
                                        verifiers.get(role),
                                        role == ServerRole.INTERNAL && kind == NodeKind.DATANODE))
                .toList();
    }

    private static void makeMember(Connection connection, Sql sql, ServerRole role, String of)
            throws SQLException {
        if (!holds(connection, "SELECT pg_has_role(?, '" + of + "', 'MEMBER')", role.roleName())) {
            sql.run("GRANT " + of + " TO " + sql.name(role.roleName()));
        }
    }

    /** They were run there when the rows come to a datanode. */
    private static void leaveTriggersToCoordinators(Connection connection, Sql sql)
            throws SQLException {
        String internal = ServerRole.INTERNAL.roleName();
        if (!holds(
                connection,
                "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_roles r"
                        + " ON r.oid = s.setrole WHERE s.setdatabase = 0 AND r.rolname = ?"
                        + " AND 'session_replication_role=replica' = ANY (s.setconfig))",
                internal)) {
            sql.run("ALTER ROLE " + sql.name(internal) + " SET session_replication_role = replica");
        }
    }

    /** The cluster's own servers may log in to every database, also where others may not. */
    static void grantToInternal(
            Connection connection, String database, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        Sql sql = new Sql(connection);
        for (ServerRole role : List.of(ServerRole.INTERNAL, ServerRole.DDL)) {
            if (verifiers.containsKey(role)
                    && !holds(
                            connection,
                            "SELECT has_database_privilege(?, current_database(), 'CONNECT')",
                            role.roleName())) {
                sql.run(
                        "GRANT CONNECT ON DATABASE "
                                + sql.name(database)
                                + " TO "
                                + role.roleName());
            }
        }
    }

    /** The first client may create schemas in this database and tables in its public one. */
    static void grantToClient(
            Connection connection, String database, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        if (!verifiers.containsKey(ServerRole.CLIENT)) {
            return;
        }
        Sql sql = new Sql(connection);
        String client = ServerRole.CLIENT.roleName();
        if (!holds(
                connection,
                "SELECT has_database_privilege(?, current_database(), 'CREATE')",
                client)) {
            sql.run("GRANT CREATE ON DATABASE " + sql.name(database) + " TO " + sql.name(client));
        }
        if (!holds(
                connection,
                "SELECT coalesce((SELECT has_schema_privilege(?, oid, 'CREATE')"
                        + " FROM pg_namespace WHERE nspname = 'public'), true)",
                client)) {
            sql.run("GRANT CREATE ON SCHEMA public TO " + sql.name(client));
        }
    }

    private static boolean holds(Connection connection, String question, String argument)
            throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(question)) {
            query.setString(1, argument);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                return row.getBoolean(1);
            }
        }
    }
}
