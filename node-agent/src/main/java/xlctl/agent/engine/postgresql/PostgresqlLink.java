package xlctl.agent.engine.postgresql;

import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.postgresql.util.PSQLException;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.RolePower;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Health;
import xlctl.agent.engine.ServerLink;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.HbaFile;
import xlctl.agent.engine.postmaster.LoginRole;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.agent.engine.postmaster.Tls;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.SqlName;

/** The agent as the superuser of one server. */
final class PostgresqlLink implements ServerLink {
    private final Site site;
    private final SuperuserConnections connections;
    private final LeftoverDdl leftoverDdl;
    private final ReentrantLock converging = new ReentrantLock();

    PostgresqlLink(Site site) {
        this.site = site;
        this.connections = new SuperuserConnections(site);
        this.leftoverDdl = new LeftoverDdl(site.spec().instance().name(), connections);
    }

    @Override
    public Health check() {
        return connections.check(PostgresqlLink::query);
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
    public List<Leftover> converge(Catalog catalog) throws EngineException {
        List<Problem> problems = new ArrayList<>();
        List<Leftover> leftovers = new ArrayList<>();
        converging.lock();
        try {
            List<Database> databases = List.of();
            try (Connection connection = connections.open()) {
                Roles.converge(connection, site.spec().kind(), site.secrets().verifiers());
                convergeClientAuthentication(connection, catalog, problems);
                databases = Database.all(connection);
            } catch (SQLException | IOException e) {
                problems.add(problem("", e));
            }
            for (Database database : databases) {
                if (site.spec().kind().inCatalog() || hasSchema(database)) {
                    convergeDatabase(database, catalog, problems, leftovers);
                }
            }
        } finally {
            converging.unlock();
        }
        if (!problems.isEmpty()) {
            throw new EngineException(problems);
        }
        return List.copyOf(leftovers);
    }

    @Override
    public void takePasswords() throws EngineException {
        List<Problem> problems = new ArrayList<>();
        converging.lock();
        try {
            List<Database> databases = List.of();
            try (Connection connection = connections.open()) {
                Roles.converge(connection, site.spec().kind(), site.secrets().verifiers());
                databases = Database.all(connection);
            } catch (SQLException e) {
                problems.add(problem("", e));
            }
            for (Database database : databases) {
                if (site.spec().kind().inCatalog() && !database.template()) {
                    convergeLogin(database, problems);
                }
            }
        } finally {
            converging.unlock();
        }
        if (!problems.isEmpty()) {
            throw new EngineException(problems);
        }
    }

    private void convergeLogin(Database database, List<Problem> problems) {
        try (Connection connection = connections.open(database.name())) {
            connection.setAutoCommit(false);
            ForeignServers.convergeLogin(connection, site.secrets().logins().internal());
            connection.commit();
        } catch (SQLException e) {
            problems.add(problem(" in database " + database.name(), e));
        }
    }

    private void convergeDatabase(
            Database database, Catalog catalog, List<Problem> problems, List<Leftover> leftovers) {
        NodeKind kind = site.spec().kind();
        try (Connection connection = connections.open(database.name())) {
            connection.setAutoCommit(false);
            if (kind.inCatalog()) {
                convergeNode(connection, database, catalog);
                connection.commit();
            }
            if (hasSchema(database)) {
                convergeSchema(connection, database, problems);
            }
            if (kind == NodeKind.COORDINATOR && !database.template()) {
                leftovers.addAll(ForeignServers.dropOthers(connection, catalog, database.name()));
            }
        } catch (SQLException e) {
            problems.add(problem(" in database " + database.name(), e));
        }
    }

    private void convergeNode(Connection connection, Database database, Catalog catalog)
            throws SQLException {
        NodeCatalog.converge(connection, catalog, site.spec().instance().host());
        Roles.grantToInternal(connection, database.name(), site.secrets().verifiers());
        if (database.name().equals(SuperuserConnections.MAINTENANCE_DATABASE)) {
            Roles.grantToClient(connection, database.name(), site.secrets().verifiers());
        }
        // Databases made from a template must not inherit servers that lead to its own name.
        if (!database.template()) {
            ForeignServers.converge(
                    connection,
                    reached(catalog),
                    gtm(catalog),
                    Tls.options(site),
                    site.secrets().logins().internal(),
                    database.name());
        }
    }

    private List<Catalog.Entry> reached(Catalog catalog) {
        return site.spec().kind() == NodeKind.COORDINATOR ? catalog.datanodes() : List.of();
    }

    /** A server that is just being added has what was known when it was prepared. */
    private Optional<HostPort> gtm(Catalog catalog) {
        return Optional.ofNullable(catalog.gtm().get(site.spec().instance().host()))
                .or(() -> site.spec().gtm())
                .map(GtmAddress::master);
    }

    private boolean hasSchema(Database database) {
        return site.spec().kind() == NodeKind.GTM
                ? database.name().equals(SuperuserConnections.MAINTENANCE_DATABASE)
                : !database.template();
    }

    /** Without a GTM its functions would have nobody to ask. */
    private void convergeSchema(Connection connection, Database database, List<Problem> problems)
            throws SQLException {
        try {
            if (site.spec().kind() == NodeKind.GTM || ForeignServers.leadToGtm(connection)) {
                XlSchema.of(site.spec().kind()).converge(connection);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            problems.add(problem(" in database " + database.name(), e));
        }
    }

    private void convergeClientAuthentication(
            Connection connection, Catalog catalog, List<Problem> problems)
            throws IOException, SQLException {
        HbaFile.converge(site, ClientAuthentication.rules(site, catalog), connection);
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
                                        + site.dataDirectory().resolve(HbaFile.NAME)
                                        + " is not understood: "
                                        + row.getString(2),
                                "correct the HBA lines of the node"));
            }
        }
    }

    @Override
    public Reply.UserTables userTables() throws EngineException {
        try (Connection connection = connections.open()) {
            return Reply.UserTables.of(
                    TablesOfUsers.lostWithout(
                            site.spec().kind(), connections::open, Databases.names(connection)));
        } catch (SQLException e) {
            throw new EngineException(List.of(problem(": its tables could not be listed", e)));
        }
    }

    @Override
    public DdlLock lockDdl() throws EngineException {
        if (site.spec().kind() != NodeKind.COORDINATOR) {
            throw new EngineException(
                    name() + " is a " + site.spec().kind() + ": coordinators keep DDL out",
                    "",
                    null);
        }
        try {
            return GtmDdlLock.take(
                    connections.open(),
                    "an operation of xlctl at " + site.spec().instance().name().node());
        } catch (SQLException e) {
            throw new EngineException(
                    name() + ": DDL is not kept out: " + SuperuserConnections.reason(e),
                    "see that the GTM runs, and try again when nobody changes definitions",
                    e);
        }
    }

    @Override
    public void finishDdl() throws EngineException {
        List<Problem> problems = site.spec().kind().inCatalog() ? leftoverDdl.finish() : List.of();
        if (!problems.isEmpty()) {
            throw new EngineException(problems);
        }
    }

    @Override
    public Reply createDatabase(long operation, SqlName database, SqlName owner)
            throws EngineException {
        return with(operation, database, "made", closed -> closed.create(owner));
    }

    @Override
    public Reply openDatabase(long operation, SqlName database) throws EngineException {
        return with(operation, database, "opened", ClosedDatabase::open);
    }

    @Override
    public Reply dropDatabase(long operation, SqlName database) throws EngineException {
        return with(operation, database, "dropped", ClosedDatabase::drop);
    }

    /** What is done to a database that an operation makes. */
    @FunctionalInterface
    private interface Work {
        Reply on(ClosedDatabase database) throws SQLException;
    }

    private Reply with(long operation, SqlName database, String done, Work work)
            throws EngineException {
        try (Connection connection = connections.open()) {
            return work.on(
                    new ClosedDatabase(
                            connection, site.spec().instance().name(), operation, database));
        } catch (SQLException e) {
            throw new EngineException(
                    List.of(problem(": database " + database + " could not be " + done, e)));
        }
    }

    @Override
    public Reply createRole(SqlName role, Set<RolePower> powers, PasswordVerifier verifier)
            throws EngineException {
        if (site.spec().kind() != NodeKind.COORDINATOR) {
            return ServerLink.super.createRole(role, powers, verifier);
        }
        try (Connection connection = connections.open();
                PreparedStatement patience =
                        connection.prepareStatement(
                                "SELECT set_config('xl.lock_timeout', '10s', false)");
                PreparedStatement call = connection.prepareStatement("CALL xl.ddl(?)")) {
            patience.execute();
            call.setString(1, new LoginRole(role, powers, verifier).create(connection));
            call.execute();
            return new Reply.Done("every node has the role " + role);
        } catch (SQLException e) {
            Problem problem = problem(": role " + role + " could not be made", e);
            if (SuperuserConnections.unreached(e)) {
                return new Reply.Failed(Reply.Failed.Kind.UNREACHABLE, List.of(problem));
            }
            throw new EngineException(List.of(problem));
        }
    }

    @Override
    public Reply.DeepReport checkDeep() {
        return DeepCheck.run(connections, site.spec().kind() == NodeKind.COORDINATOR);
    }

    @Override
    public void reconnect() throws EngineException {
        throw new EngineException(
                name() + " is a " + site.spec().kind() + ", no GTM proxy", "", null);
    }

    @Override
    public void close() {
        connections.close();
    }

    private String name() {
        return site.spec().instance().name().toString();
    }

    private Problem problem(String where, Exception e) {
        String reason =
                e instanceof SQLException failure
                        ? SuperuserConnections.reason(failure)
                        : e.getMessage();
        String hint =
                e instanceof PSQLException failure && failure.getServerErrorMessage() != null
                        ? failure.getServerErrorMessage().getHint()
                        : null;
        return Problem.of(name() + where + ": " + reason, hint == null ? "" : hint);
    }
}
