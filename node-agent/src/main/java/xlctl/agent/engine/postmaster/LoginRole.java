package xlctl.agent.engine.postmaster;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.RolePower;
import xlctl.topology.SqlName;

/** A role that an operator asked for: it can log in, and has no password but its verifier. */
public record LoginRole(SqlName name, Set<RolePower> powers, PasswordVerifier verifier) {
    public LoginRole {
        powers = Set.copyOf(powers);
    }

    /** The statement that makes it. */
    public String create(Connection connection) throws SQLException {
        return "CREATE ROLE "
                + new Sql(connection).name(name.value())
                + " LOGIN"
                + powers.stream()
                        .sorted()
                        .map(power -> " " + power.name())
                        .collect(Collectors.joining())
                + " PASSWORD '"
                + verifier.value()
                + "'";
    }
}
