package xlctl.agent.engine.postmaster;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import xlctl.agent.api.PasswordVerifier;
import xlctl.topology.ServerRole;

/**
 * A role that xlctl keeps on servers as it should be. Its statements are of one line each.
 *
 * @param verifier empty: it cannot log in
 * @param seesAllRows whether policies of tables are not for it, as for the superuser
 */
public record KeptRole(ServerRole role, Optional<PasswordVerifier> verifier, boolean seesAllRows) {
    private static final String STATE =
            "SELECT rolpassword IS NOT DISTINCT FROM ? AND rolcanlogin = ? AND rolsuper = ?"
                    + " AND (rolsuper OR NOT (rolcreaterole OR rolreplication)"
                    + " AND rolbypassrls = ?)"
                    + " FROM pg_authid WHERE rolname = ?";

    public KeptRole(ServerRole role, PasswordVerifier verifier) {
        this(role, Optional.of(verifier), false);
    }

    public String create() {
        return "CREATE " + definition();
    }

    public String alter() {
        return "ALTER " + definition();
    }

    /** What makes it right on a server; empty when it is. */
    public Optional<String> repair(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(STATE)) {
            query.setString(1, verifier.map(PasswordVerifier::value).orElse(null));
            query.setBoolean(2, verifier.isPresent());
            query.setBoolean(3, isSuperuser());
            query.setBoolean(4, seesAllRows);
            query.setString(5, role.roleName());
            try (ResultSet right = query.executeQuery()) {
                if (!right.next()) {
                    return Optional.of(create());
                }
                return right.getBoolean(1) ? Optional.empty() : Optional.of(alter());
            }
        }
    }

    private boolean isSuperuser() {
        return role == ServerRole.SUPERUSER;
    }

    private String definition() {
        return "ROLE "
                + role.roleName()
                + (verifier.isPresent() ? " LOGIN " : " NOLOGIN ")
                + (isSuperuser()
                        ? "SUPERUSER"
                        : "NOSUPERUSER NOCREATEROLE NOREPLICATION "
                                + (seesAllRows ? "BYPASSRLS" : "NOBYPASSRLS"))
                + " PASSWORD "
                + verifier.map(known -> "'" + known.value() + "'").orElse("NULL");
    }
}
