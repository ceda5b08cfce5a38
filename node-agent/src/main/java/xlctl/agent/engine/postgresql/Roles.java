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
    private final Connection connection;
    private final Sql sql;
    private boolean keepsOthersOut;

    private Roles(Connection connection) throws SQLException {
        this.connection = connection;
        this.sql = new Sql(connection);
    }

    /** All in one transaction of its own. */
    static void converge(
            Connection connection, NodeKind kind, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            new Roles(connection).converge(kind, verifiers);
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private void converge(NodeKind kind, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        List<KeptRole> kept = kept(kind, verifiers);
        for (KeptRole role : kept) {
            Optional<String> repair = role.repair(connection);
            if (repair.isPresent()) {
                repair(repair.get());
            }
        }
        List<ServerRole> roles = kept.stream().map(KeptRole::role).toList();
        for (ServerRole role : roles) {
            Optional<ServerRole> first = role.first();
            if (first.isPresent()) {
                makeMember(role, first.get().roleName());
            }
        }
        if (roles.contains(ServerRole.MONITOR)) {
            makeMember(ServerRole.MONITOR, "pg_monitor");
        }
        if (kind.inCatalog() && roles.contains(ServerRole.DDL)) {
            makeMember(ServerRole.DDL, "pg_read_all_data");
        }
        if (kind == NodeKind.DATANODE && roles.contains(ServerRole.INTERNAL)) {
            makeMember(ServerRole.INTERNAL, "pg_read_all_data");
            makeMember(ServerRole.INTERNAL, "pg_write_all_data");
            leaveTriggersToCoordinators(ServerRole.INTERNAL);
            leaveTriggersToCoordinators(ServerRole.INTERNAL_2);
        }
    }

    /**
     * The roles that a server has, whoever uses it, in the order in which they are made. Of two for
     * a purpose it has both, as soon as one of them may log in.
     */
    static List<KeptRole> kept(NodeKind kind, Map<ServerRole, PasswordVerifier> verifiers) {
        return Stream.of(ServerRole.values())
                .filter(
                        role ->
                                verifiers.containsKey(role)
                                        || role.other().filter(verifiers::containsKey).isPresent())
                .map(
                        role ->
                                new KeptRole(
                                        role,
                                        Optional.ofNullable(verifiers.get(role)),
                                        isInternal(role) && kind == NodeKind.DATANODE))
                .toList();
    }

    /** What is a property of a role itself, its members do not have. */
    private static boolean isInternal(ServerRole role) {
        return role.first().orElse(role) == ServerRole.INTERNAL;
    }

    /**
     * DDL over all nodes sees to it that it changes none of these roles, and must see no change.
     */
    private void repair(String statement) throws SQLException {
        if (!keepsOthersOut) {
            sql.run("LOCK TABLE pg_authid IN ROW EXCLUSIVE MODE");
            keepsOthersOut = true;
        }
        sql.runUnseen(statement);
    }

    private void makeMember(ServerRole role, String of) throws SQLException {
        if (!holds(connection, "SELECT pg_has_role(?, '" + of + "', 'MEMBER')", role.roleName())) {
            repair("GRANT " + of + " TO " + sql.name(role.roleName()));
        }
    }

    /** They were run there when the rows come to a datanode. A setting is that of who logs in. */
    private void leaveTriggersToCoordinators(ServerRole internal) throws SQLException {
        if (!holds(
                connection,
                "SELECT EXISTS (SELECT FROM pg_db_role_setting s JOIN pg_roles r"
                        + " ON r.oid = s.setrole WHERE s.setdatabase = 0 AND r.rolname = ?"
                        + " AND 'session_replication_role=replica' = ANY (s.setconfig))",
                internal.roleName())) {
            repair(
                    "ALTER ROLE "
                            + sql.name(internal.roleName())
                            + " SET session_replication_role = replica");
        }
    }

    /** The cluster's own servers may log in to every database, also where others may not. */
    static void grantToInternal(
            Connection connection, String database, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        Sql sql = new Sql(connection);
        for (ServerRole role : List.of(ServerRole.INTERNAL, ServerRole.DDL)) {
            boolean kept =
                    verifiers.containsKey(role)
                            || verifiers.containsKey(role.other().orElseThrow());
            if (kept
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
