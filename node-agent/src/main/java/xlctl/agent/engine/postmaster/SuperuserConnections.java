package xlctl.agent.engine.postmaster;

import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.postgresql.util.PSQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.Site;
import xlctl.topology.EngineKind;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;

/**
 * The superuser's connections to one server. One to the database {@code postgres} is kept for
 * checks; every other is the caller's to close after use, because a database to which someone is
 * connected can neither be dropped nor serve as a template. Thread-safe.
 */
public final class SuperuserConnections implements AutoCloseable {
    public static final String MAINTENANCE_DATABASE = "postgres";
    public static final Duration WORK_TIMEOUT = Duration.ofSeconds(30);

    /** The class of SQLSTATEs of connections that were not made, or broke. */
    private static final String CONNECTION_EXCEPTION = "08";

    private static final String REJECTED = "08004";
    private static final String FAILED = "08006";

    private static final Logger LOG = LoggerFactory.getLogger(SuperuserConnections.class);
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);

    /** Who is logged in is answered also where nobody can log in any more. */
    private static final Duration LOG_IN_EVERY = Duration.ofSeconds(10);

    private static final Duration LOG_IN_TIMEOUT = Duration.ofSeconds(1);

    /** A busy host may be slow once. */
    private static final int FAILED_LOGINS = 2;

    /** In one word: Postgres-XL hands it on to other nodes without quoting it. */
    private static final String APPLICATION = "xlctl_agent";

    /**
     * Stronger than what was set for the database or the role. The superuser visits databases in
     * which others make functions and operators: none of those may take the place of the server's.
     */
    private static final String SESSION =
            "-c search_path=pg_catalog -c default_transaction_read_only=off"
                    + " -c lock_timeout=5s -c statement_timeout=25s -c log_statement=none"
                    + " -c log_min_error_statement=panic -c log_min_duration_statement=-1";

    /** Where definitions are the concern of all nodes, the agent still makes its server's own. */
    private static final String STOCK_SESSION =
            SESSION
                    + " -c log_error_verbosity=terse -c xl.allow_local=on"
                    + " -c idle_session_timeout=0";

    private static final String WRONG_PASSWORD = "28P01";

    /** While it recovers; also while it shuts down. */
    private static final String CANNOT_CONNECT_NOW = "57P03";

    private final Site site;
    private final ReentrantLock checking = new ReentrantLock();
    private Optional<Connection> kept = Optional.empty();
    private long loggedIn;
    private int failedLogins;

    public SuperuserConnections(Site site) {
        this.site = site;
    }

    /** What is asked of a server. */
    @FunctionalInterface
    public interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /** Asks how a server is, over the kept connection, within about two seconds. */
    public Health check(Question<Health> question) {
        try {
            return ask(question);
        } catch (SQLException e) {
            if (CANNOT_CONNECT_NOW.equals(e.getSQLState())) {
                return Health.notNow(reason(e));
            }
            return saysNo(e) ? Health.refusing(reason(e)) : Health.silent(reason(e));
        }
    }

    /** Whether the server answered with an error, or TLS with it does not come about. */
    private static boolean saysNo(SQLException e) {
        return !isSilence(e)
                && causes(e)
                        .anyMatch(
                                cause ->
                                        cause instanceof CertificateException
                                                || cause instanceof SSLException
                                                || cause instanceof FileNotFoundException
                                                || cause instanceof PSQLException answer
                                                        && isAnswer(answer));
    }

    /**
     * What the driver itself finds wrong with who answers: a name that its certificate does not
     * have, no TLS, another way to log in. When a connection breaks there is a cause.
     */
    private static boolean isAnswer(PSQLException e) {
        return e.getServerErrorMessage() != null
                || REJECTED.equals(e.getSQLState())
                || FAILED.equals(e.getSQLState()) && e.getCause() == null;
    }

    private static Stream<Throwable> causes(SQLException e) {
        return Stream.iterate(e, Objects::nonNull, Throwable::getCause);
    }

    /** Asks something that is answered at once, over the kept connection. */
    public <T> T ask(Question<T> question) throws SQLException {
        try {
            if (!checking.tryLock(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLException("an earlier check has not ended yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("the check was interrupted", e);
        }
        try {
            if (kept.isPresent()) {
                logInAnew();
                Optional<T> answer = askKept(question);
                if (answer.isPresent()) {
                    return answer.get();
                }
            }
            kept = Optional.of(open(MAINTENANCE_DATABASE, CHECK_TIMEOUT));
            loggedIn();
            return question.ask(kept.get());
        } catch (SQLException e) {
            closeKept();
            throw e;
        } finally {
            checking.unlock();
        }
    }

    private void loggedIn() {
        loggedIn = System.nanoTime();
        failedLogins = 0;
    }

    /**
     * From time to time; fails when the server is silent about it. One that refuses, whatever the
     * reason, answers those whom it has.
     */
    private void logInAnew() throws SQLException {
        if (System.nanoTime() - loggedIn < LOG_IN_EVERY.toNanos()) {
            return;
        }
        try {
            Connection fresh = open(MAINTENANCE_DATABASE, LOG_IN_TIMEOUT);
            closeKept();
            kept = Optional.of(fresh);
            fresh.setNetworkTimeout(Runnable::run, Math.toIntExact(CHECK_TIMEOUT.toMillis()));
            loggedIn();
        } catch (SQLException e) {
            if (!isSilence(e)) {
                LOG.debug("logging in to {} anew", site.spec().instance().name(), e);
                loggedIn();
                return;
            }
            failedLogins++;
            if (failedLogins >= FAILED_LOGINS) {
                throw new SQLException("it lets nobody log in any more", e.getSQLState(), e);
            }
        }
    }

    private static boolean isSilence(SQLException e) {
        return causes(e)
                .anyMatch(
                        cause ->
                                cause instanceof SocketTimeoutException
                                        || cause instanceof ConnectException);
    }

    /** Empty when the connection was found to be closed: the server may have been restarted. */
    private <T> Optional<T> askKept(Question<T> question) throws SQLException {
        long begun = System.nanoTime();
        try {
            return Optional.of(question.ask(kept.get()));
        } catch (SQLException e) {
            closeKept();
            if (System.nanoTime() - begun > CHECK_TIMEOUT.toNanos() / 2) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** To the maintenance database, for work. */
    public Connection open() throws SQLException {
        return open(MAINTENANCE_DATABASE);
    }

    public Connection open(String database) throws SQLException {
        return open(database, WORK_TIMEOUT);
    }

    /**
     * To the maintenance database, for statements without parameters.
     *
     * @param options of the session besides those of all
     */
    public Connection openWith(String options) throws SQLException {
        Properties properties = properties(WORK_TIMEOUT);
        properties.setProperty("options", session() + " " + options);
        properties.setProperty("preferQueryMode", "simple");
        return connect(url(listenAddress() + ":" + site.port(), MAINTENANCE_DATABASE), properties);
    }

    private Connection open(String database, Duration timeout) throws SQLException {
        return open(listenAddress() + ":" + site.port(), database, timeout);
    }

    /** To another server of the cluster, whose superuser has the same password. */
    public Connection openAt(String address, String database) throws SQLException {
        return open(address, database, WORK_TIMEOUT);
    }

    private Connection open(String address, String database, Duration timeout) throws SQLException {
        return connect(url(address, database), properties(timeout));
    }

    /** While the password is being replaced, the server may have the one before. */
    private Connection connect(String url, Properties properties) throws SQLException {
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            if (!WRONG_PASSWORD.equals(e.getSQLState())) {
                throw e;
            }
            for (Secret former : site.formerSuperuser()) {
                properties.setProperty("password", former.reveal());
                try {
                    return DriverManager.getConnection(url, properties);
                } catch (SQLException another) {
                    e.addSuppressed(another);
                }
            }
            throw e;
        }
    }

    private Properties properties(Duration timeout) {
        Properties properties = new Properties();
        properties.setProperty("user", ServerRole.SUPERUSER.roleName());
        properties.setProperty("password", site.secrets().superuser().reveal());
        properties.setProperty("ApplicationName", APPLICATION);
        properties.setProperty("connectTimeout", Long.toString(CHECK_TIMEOUT.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(timeout.toSeconds()));
        Tls.properties(site).forEach(properties::setProperty);
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("options", session());
        return properties;
    }

    private String session() {
        return site.spec().engine() == EngineKind.POSTGRESQL ? STOCK_SESSION : SESSION;
    }

    private static String url(String address, String database) {
        return "jdbc:postgresql://" + address + "/" + encoded(database);
    }

    /** Ends the kept connection, so that it is in nobody's way. The next check connects anew. */
    @Override
    public void close() {
        checking.lock();
        try {
            closeKept();
        } finally {
            checking.unlock();
        }
    }

    /** Why a statement failed, in one line. */
    public static String reason(SQLException e) {
        // A batch says which part failed; why, its next exception does.
        SQLException cause = e.getNextException() == null ? e : e.getNextException();
        for (Throwable t = cause; t != null; t = t.getCause()) {
            if (t instanceof CertificateExpiredException) {
                return "the server's certificate has expired: " + t.getMessage();
            } else if (t instanceof CertificateNotYetValidException) {
                return "the server's certificate is not valid yet, by the clock of this host: "
                        + t.getMessage();
            }
        }
        String message = String.valueOf(cause.getMessage());
        return message.lines().findFirst().orElse(message);
    }

    /** Whether a statement failed because a server, this or one that it asks, was not reached. */
    public static boolean unreached(SQLException e) {
        return String.valueOf(e.getSQLState()).startsWith(CONNECTION_EXCEPTION);
    }

    private void closeKept() {
        Optional<Connection> old = kept;
        kept = Optional.empty();
        if (old.isPresent()) {
            try {
                old.get().close();
            } catch (SQLException e) {
                LOG.debug("closing a connection to " + site.spec().instance().name(), e);
            }
        }
    }

    private String listenAddress() {
        return Site.reachable(site.listen().split(",")[0].strip());
    }

    private static String encoded(String database) {
        return URLEncoder.encode(database, StandardCharsets.UTF_8);
    }
}
