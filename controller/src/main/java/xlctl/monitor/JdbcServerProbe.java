package xlctl.monitor;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.util.PSQLException;
import xlctl.topology.HostPort;
import xlctl.topology.Role;

/** Asks over SQL, as the monitoring role. A server that refuses the login lives all the same. */
final class JdbcServerProbe implements ServerProbe {
    private static final String STARTING_UP = "57P03";

    private final Driver driver = new Driver();

    @Override
    public ServerAnswer ask(HostPort server, MonitorLogin as, Duration limit) {
        String seconds = Long.toString(Math.max(1, limit.toSeconds()));
        Properties login = as.properties();
        login.setProperty("connectTimeout", seconds);
        login.setProperty("socketTimeout", seconds);
        login.setProperty("loginTimeout", seconds);
        try (Connection connection =
                        driver.connect("jdbc:postgresql://" + server + "/postgres", login);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            rows.next();
            return new ServerAnswer(
                    true, Optional.of(rows.getBoolean(1) ? Role.SLAVE : Role.MASTER), "");
        } catch (PSQLException e) {
            boolean answered = e.getServerErrorMessage() != null;
            return answered
                    ? new ServerAnswer(
                            !STARTING_UP.equals(e.getSQLState()), Optional.empty(), e.getMessage())
                    : ServerAnswer.silent(e.getMessage());
        } catch (SQLException e) {
            return ServerAnswer.silent(e.getMessage());
        }
    }
}
