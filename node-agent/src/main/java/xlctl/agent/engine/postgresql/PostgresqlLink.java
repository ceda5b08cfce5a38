package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Reply;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.file.DurableFile;
import xlctl.topology.EngineKind;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.ServerRole;

/**
 * The superuser's connections to one server. One to the database {@code postgres} is kept for
 * checks; every other is closed after use, because a database to which someone is connected can
 * neither be dropped nor serve as a template.
 */
final class PostgresqlLink implements ServerLink {
    static final String HBA_FILE = "pg_hba.conf";
    private static final Logger LOG = LoggerFactory.getLogger(PostgresqlLink.class);
    private static final String MAINTENANCE_DATABASE = "postgres";
    private static final Duration CHECK_TIMEOUT = Duration.ofSeconds(2);
    private static final Duration WORK_TIMEOUT = Duration.ofSeconds(30);
    private static final int MOST_TABLES = 1000;

    /**
     * Stronger than what was set for the database or the role. The superuser visits databases in
     * which others make functions and operators: none of those may take the place of the server's.
     */
    private static final String SESSION =
            "-c search_path=pg_catalog -c default_transaction_read_only=off"
                    + " -c lock_timeout=5s -c statement_timeout=25s -c log_statement=none"
                    + " -c log_min_error_statement=panic -c log_min_duration_statement=-1";

    private final Site site;
    private final ReentrantLock checking = new ReentrantLock();
    private final ReentrantLock converging = new ReentrantLock();
    private Optional<Connection> kept = Optional.empty();

    PostgresqlLink(Site site) {
        this.site = site;
    }

    @Override
    public Health check() {
        try {
            if (!checking.tryLock(CHECK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                return Health.silent("an earlier check has not ended yet");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Health.silent("the check was interrupted");
        }
        try {
            if (kept.isPresent()) {
                Optional<Health> health = checkKept();
                if (health.isPresent()) {
                    return health.get();
                }
            }
            kept = Optional.of(open(MAINTENANCE_DATABASE, CHECK_TIMEOUT));
            return query(kept.get());
        } catch (SQLException e) {
            closeKept();
            return Health.silent(reason(e));
        } finally {
            checking.unlock();
        }
    }

    /** Empty when the connection was found to be closed: the server may have been restarted. */
    private Optional<Health> checkKept() {
        long begun = System.nanoTime();
        try {
            return Optional.of(query(kept.get()));
        } catch (SQLException e) {
            closeKept();
            boolean slow = System.nanoTime() - begun > CHECK_TIMEOUT.toNanos() / 2;
            return slow ? Optional.of(Health.silent(reason(e))) : Optional.empty();
        }
    }

    private static Health query(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT pg_is_in_recovery(), timeline_id FROM pg_control_checkpoint()")) {
            row.next();
            return Health.answering(
                    row.getBoolean(1) ? Role.SLAVE : Role.MASTER, Optional.of(row.getLong(2)));
        }
    }

    @Override
    public void converge(Catalog catalog) throws EngineException {
        List<Problem> problems = new ArrayList<>();
        converging.lock();
        try {
            List<Database> databases = List.of();
            try (Connection connection = open(MAINTENANCE_DATABASE, WORK_TIMEOUT)) {
                Roles.converge(connection, site.secrets().verifiers());
                convergeClientAuthentication(connection, catalog, problems);
                databases = Database.all(connection);
            } catch (SQLException | IOException e) {
                problems.add(problem("", e));
            }
            NodeKind kind = site.spec().kind();
            if (kind.inCatalog()) {
                for (Database database : databases) {
                    convergeDatabase(database, catalog, problems);
                }
            }
        } finally {
            converging.unlock();
        }
        if (!problems.isEmpty()) {
            throw new EngineException(problems);
        }
    }

    private void convergeDatabase(Database database, Catalog catalog, List<Problem> problems) {
        try (Connection connection = open(database.name(), WORK_TIMEOUT)) {
            connection.setAutoCommit(false);
            NodeCatalog.converge(connection, catalog, site.spec().instance().host());
            boolean coordinator = site.spec().kind() == NodeKind.COORDINATOR;
            if (coordinator && database.name().equals(MAINTENANCE_DATABASE)) {
                Roles.grantToClient(connection, database.name(), site.secrets().verifiers());
            }
            // Databases made from a template must not inherit servers that lead to its own name.
            if (coordinator && !database.template()) {
                ForeignServers.converge(connection, catalog, database.name());
            }
            connection.commit();
            if (coordinator && !database.template()) {
                problems.addAll(ForeignServers.dropOthers(connection, catalog, database.name()));
            }
        } catch (SQLException e) {
            problems.add(problem(" in database " + database.name(), e));
        }
    }

    private void convergeClientAuthentication(
            Connection connection, Catalog catalog, List<Problem> problems)
            throws IOException, SQLException {
        Path file = site.dataDirectory().resolve(HBA_FILE);
        String wanted = ClientAuthentication.rules(site, catalog);
        if (!Files.readString(file).equals(wanted)) {
            DurableFile.write(file, wanted);
            LOG.info("{}: {} rewritten", name(), HBA_FILE);
        }
        if (!loadedSince(connection, Files.getLastModifiedTime(file).toInstant())) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT pg_reload_conf()");
            }
        }
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL")) {
            while (row.next()) {
                problems.add(
                        Problem.of(
                                name()
                                        + ": line "
                                        + row.getInt(1)
                                        + " of "
                                        + file
                                        + " is not understood: "
                                        + row.getString(2),
                                "correct the HBA lines of the node"));
            }
        }
    }

    /** Whether the server has read its files after a time; a crash may have come between. */
    private static boolean loadedSince(Connection connection, Instant time) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT pg_conf_load_time()")) {
            row.next();
            return row.getObject(1, OffsetDateTime.class).toInstant().isAfter(time);
        }
    }

    @Override
    public Reply.UserTables userTables() throws EngineException {
        try {
            List<Database> databases;
            try (Connection connection = open(MAINTENANCE_DATABASE, WORK_TIMEOUT)) {
                databases = Database.all(connection);
            }
            List<String> tables = new ArrayList<>();
            for (Database database : databases) {
                try (Connection connection = open(database.name(), WORK_TIMEOUT)) {
                    tables.addAll(database.userTables(connection));
                }
            }
            tables.sort(null);
            return new Reply.UserTables(
                    tables.subList(0, Math.min(MOST_TABLES, tables.size())), tables.size());
        } catch (SQLException e) {
            throw new EngineException(List.of(problem(": its tables could not be listed", e)));
        }
    }

    @Override
    public DdlLock lockDdl() throws EngineException {
        throw new EngineException(
                "the engine " + EngineKind.POSTGRESQL + " has no DDL lock over all coordinators",
                "",
                null);
    }

    @Override
    public Reply.DeepReport checkDeep() {
        return DeepCheck.run(
                site.spec().kind() == NodeKind.COORDINATOR,
                () -> open(MAINTENANCE_DATABASE, WORK_TIMEOUT));
    }

    @Override
    public void reconnect() throws EngineException {
        throw new EngineException(
                name() + " is a " + site.spec().kind() + ", no GTM proxy", "", null);
    }

    @Override
    public void close() {
        checking.lock();
        try {
            closeKept();
        } finally {
            checking.unlock();
        }
    }

    private void closeKept() {
        Optional<Connection> old = kept;
        kept = Optional.empty();
        if (old.isPresent()) {
            try {
                old.get().close();
            } catch (SQLException e) {
                LOG.debug("closing a connection to " + name(), e);
            }
        }
    }

    private Connection open(String database, Duration timeout) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", ServerRole.SUPERUSER.roleName());
        properties.setProperty("password", site.secrets().superuser().reveal());
        properties.setProperty("ApplicationName", "xlctl-agent");
        properties.setProperty("connectTimeout", Long.toString(CHECK_TIMEOUT.toSeconds()));
        properties.setProperty("socketTimeout", Long.toString(timeout.toSeconds()));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("options", SESSION);
        return DriverManager.getConnection(
                "jdbc:postgresql://"
                        + listenAddress()
                        + ":"
                        + site.port()
                        + "/"
                        + encoded(database),
                properties);
    }

    /** An address that the server listens on and the agent, on the same host, can connect to. */
    private String listenAddress() {
        String first = site.listen().split(",")[0].strip();
        return first.equals("*") || first.equals("0.0.0.0") ? "127.0.0.1" : first;
    }

    private static String encoded(String database) {
        return URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    private String name() {
        return site.spec().instance().name().toString();
    }

    private Problem problem(String where, Exception e) {
        String reason = e instanceof SQLException failure ? reason(failure) : e.getMessage();
        return Problem.of(name() + where + ": " + reason, "");
    }

    static String reason(SQLException e) {
        // A batch says which part failed; why, its next exception does.
        SQLException cause = e.getNextException() == null ? e : e.getNextException();
        String message = String.valueOf(cause.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
