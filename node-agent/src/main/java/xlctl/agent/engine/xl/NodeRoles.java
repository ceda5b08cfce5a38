package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.postmaster.KeptRole;
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
        return new KeptRole(ServerRole.SUPERUSER, verifiers.get(ServerRole.SUPERUSER)).alter();
    }

    /** What makes the roles besides the superuser, one statement a line. */
    static List<String> making(Map<ServerRole, PasswordVerifier> verifiers) {
        List<String> statements = new ArrayList<>();
        kept(verifiers)
                .filter(kept -> kept.role() != ServerRole.SUPERUSER)
                .forEach(kept -> statements.add(kept.create()));
        if (verifiers.containsKey(ServerRole.CLIENT)) {
            statements.add(GRANT);
        }
        return statements;
    }

    /** What is to be done so that the roles are as they should be; nothing when they are. */
    static List<String> repairs(Connection connection, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        List<String> statements = new ArrayList<>();
        for (KeptRole kept : kept(verifiers).toList()) {
            kept.repair(connection).ifPresent(statements::add);
        }
        if (verifiers.containsKey(ServerRole.CLIENT) && !clientMayCreate(connection)) {
            statements.add(GRANT);
        }
        return statements;
    }

    private static Stream<KeptRole> kept(Map<ServerRole, PasswordVerifier> verifiers) {
        return KEPT.stream()
                .filter(verifiers::containsKey)
                .map(role -> new KeptRole(role, verifiers.get(role)));
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
