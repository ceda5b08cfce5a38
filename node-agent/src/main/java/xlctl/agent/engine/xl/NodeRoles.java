package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.ServerRole;

/**
 * The roles that xlctl keeps on coordinators and datanodes. They are made while a data directory is
 * prepared: a coordinator that is part of a cluster makes a role on all nodes, which fails when one
 * of them has it already. Later, only what differs is repaired.
 */
final class NodeRoles {
    /** In the order in which they are made. Nodes reach each other as the superuser. */
    static final List<ServerRole> KEPT =
            List.of(ServerRole.SUPERUSER, ServerRole.MONITOR, ServerRole.CLIENT);

    private static final String GRANT =
            "GRANT CREATE ON DATABASE "
                    + SuperuserConnections.MAINTENANCE_DATABASE
                    + " TO "
                    + ServerRole.CLIENT.roleName();

    private NodeRoles() {}

    /** What gives the superuser its password, in one line. */
    static String superuserPassword(Map<ServerRole, PasswordVerifier> verifiers) {
        return "ALTER " + definition(ServerRole.SUPERUSER, verifiers.get(ServerRole.SUPERUSER));
    }

    /** What makes the roles besides the superuser, one statement a line. */
    static List<String> making(Map<ServerRole, PasswordVerifier> verifiers) {
        List<String> statements = new ArrayList<>();
        for (ServerRole role : KEPT) {
            if (role != ServerRole.SUPERUSER && verifiers.containsKey(role)) {
                statements.add("CREATE " + definition(role, verifiers.get(role)));
            }
        }
        if (verifiers.containsKey(ServerRole.CLIENT)) {
            statements.add(GRANT);
        }
        return statements;
    }

    /** What is to be done so that the roles are as they should be; nothing when they are. */
    static List<String> repairs(Connection connection, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        for (ServerRole role : KEPT) {
            if (!verifiers.containsKey(role)) {
                continue;
            }
            String definition = definition(role, verifiers.get(role));
            switch (state(connection, role, verifiers.get(role))) {
                case ABSENT:
                    statements.add("CREATE " + definition);
                    break;
                case DIFFERENT:
                    statements.add("ALTER " + definition);
                    break;
                default:
                    break;
            }
        }
        if (verifiers.containsKey(ServerRole.CLIENT) && !clientMayCreate(connection)) {
            statements.add(GRANT);
        }
        return statements;
    }

    private static String definition(ServerRole role, PasswordVerifier verifier) {
        return "ROLE "
                + role.roleName()
                + " LOGIN "
                + (role == ServerRole.SUPERUSER
                        ? "SUPERUSER"
                        : "NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS")
                + " PASSWORD '"
                + verifier.value()
                + "'";
    }

    private enum State {
        ABSENT,
        DIFFERENT,
        RIGHT
    }

    private static State state(Connection connection, ServerRole role, PasswordVerifier verifier)
            throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement(
                        "SELECT rolpassword IS NOT DISTINCT FROM ? AND rolcanlogin AND rolsuper = ?"
                                + " AND (rolsuper OR NOT (rolcreaterole OR rolreplication OR rolbypassrls))"
                                + " FROM pg_authid WHERE rolname = ?")) {
            query.setString(1, verifier.value());
            query.setBoolean(2, role == ServerRole.SUPERUSER);
            query.setString(3, role.roleName());
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    return State.ABSENT;
                }
                return row.getBoolean(1) ? State.RIGHT : State.DIFFERENT;
            }
        }
    }

    private static boolean clientMayCreate(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT coalesce(bool_or(has_database_privilege(oid, current_database(),"
                                        + " 'CREATE')), false) FROM pg_roles WHERE rolname = '"
                                        + ServerRole.CLIENT.roleName()
                                        + "'")) {
            row.next();
            return row.getBoolean(1);
        }
    }
}
