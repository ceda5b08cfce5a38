package xlctl.agent.engine.postgresql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.engine.postmaster.Sql;
import xlctl.topology.ServerRole;

/** Makes the roles that xlctl keeps on a server as they should be. Writes only what differs. */
final class Roles {
    private Roles() {}

    private enum State {
        ABSENT,
        DIFFERENT,
        RIGHT
    }

    static void converge(Connection connection, Map<ServerRole, PasswordVerifier> verifiers)
            throws SQLException {
        Sql sql = new Sql(connection);
        for (ServerRole role : ServerRole.values()) {
            Optional<PasswordVerifier> verifier = Optional.ofNullable(verifiers.get(role));
            if (verifier.isPresent()) {
                converge(connection, sql, role, verifier.get());
            }
        }
    }

    private static void converge(
            Connection connection, Sql sql, ServerRole role, PasswordVerifier verifier)
            throws SQLException {
        State state = state(connection, role, verifier);
        if (state != State.RIGHT) {
            sql.run(
                    (state == State.ABSENT ? "CREATE" : "ALTER")
                            + " ROLE "
                            + sql.name(role.roleName())
                            + " LOGIN"
                            + (role == ServerRole.SUPERUSER
                                    ? " SUPERUSER"
                                    : " NOSUPERUSER NOCREATEROLE NOREPLICATION NOBYPASSRLS")
                            + " PASSWORD "
                            + sql.text(verifier.value()));
        }
        if (role == ServerRole.MONITOR
                && !holds(
                        connection,
                        "SELECT pg_has_role(?, 'pg_monitor', 'MEMBER')",
                        role.roleName())) {
            sql.run("GRANT pg_monitor TO " + sql.name(role.roleName()));
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
