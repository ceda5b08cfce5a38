package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.postmaster.KeptRole;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.ServerRole;

/** Makes the roles that xlctl keeps on a server as they should be. Writes only what differs. */
final class Roles {
    private Roles() {}

    static void converge(Connection connection, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        Sql sql = new Sql(connection);
        for (ServerRole role : ServerRole.values()) {
            if (verifiers.containsKey(role)) {
                Optional<String> repair =
                        new KeptRole(role, verifiers.get(role)).repair(connection);
                if (repair.isPresent()) {
                    sql.run(repair.get());
                }
            }
        }
        String monitor = ServerRole.MONITOR.roleName();
        if (verifiers.containsKey(ServerRole.MONITOR)
                && !holds(connection, "SELECT pg_has_role(?, 'pg_monitor', 'MEMBER')", monitor)) {
            sql.run("GRANT pg_monitor TO " + sql.name(monitor));
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
