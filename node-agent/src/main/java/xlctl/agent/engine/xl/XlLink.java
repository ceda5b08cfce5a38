package xlctl.agent.engine.xl;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import xlctl.agent.engine.postmaster.HbaFile;
import xlctl.agent.engine.postmaster.LoginRole;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.SqlName;

/** The agent as the superuser of a coordinator or datanode. */
final class XlLink implements ServerLink {
    /** How the engines say that a node is down. */
    private static final String NODE_NOT_REACHED = "get pooled connections";

    private static final Logger LOG = LoggerFactory.getLogger(XlLink.class);

    private final Site site;
    private final Flavor flavor;
    private final SuperuserConnections connections;
    private final TablesOfUsers tables;
    private final LocalSession local;
    private final NodeConvergence nodes;
    private final ReentrantLock converging = new ReentrantLock();

    /** Where the server should find its GTM, once that is known from a topology. */
    private volatile Optional<HostPort> wantedGtm = Optional.empty();

    /** Whether tables are there, but not on this datanode, as was known at the last convergence. */
    private volatile boolean empty;

    XlLink(Site site, Flavor flavor) {
        this.site = site;
        this.flavor = flavor;
        this.connections = new SuperuserConnections(site);
        this.tables = new TablesOfUsers(site, connections);
        this.local = new LocalSession(flavor, connections);
        this.nodes = new NodeConvergence(site, flavor, connections, tables);
    }

    @Override
    public Health check() {
        return connections.check(this::query);
    }

    private Health query(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(flavor.healthQuery())) {
            row.next();
            Optional<Long> timeline = Optional.ofNullable(row.getString(2)).map(Long::valueOf);
            return Health.answering(row.getBoolean(1) ? Role.SLAVE : Role.MASTER, timeline)
                    .with(notes(connection));
        }
    }

    private List<String> notes(Connection connection) throws SQLException {
        List<String> notes = new ArrayList<>();
        if (site.spec().kind() == NodeKind.DATANODE) {
            noteOnRows(empty, getsNoRows(connection)).ifPresent(notes::add);
        }
        otherGtm(connection).ifPresent(notes::add);
        return notes;
    }

    /**
     * Of a datanode that came late.
     *
     * @param empty whether tables are there, but none on it
     * @param getsNone whether distributed tables that are yet to be made leave it out, too
     */
    static Optional<String> noteOnRows(boolean empty, boolean getsNone) {
        if (empty) {
            return Optional.of(
                    getsNone
                            ? "holds no rows: distributed tables, new ones too, stay on the"
                                    + " datanodes that were there before it"
                            : "holds no rows: tables that were there before it stay on the"
                                    + " datanodes they are on");
        }
        return getsNone
                ? Optional.of("gets no rows of distributed tables: there were some before it came")
                : Optional.empty();
    }

    private Optional<String> otherGtm(Connection connection) throws SQLException {
        Optional<HostPort> wanted = wantedGtm;
        if (wanted.isEmpty() || flavor.gtmInUseQuery().isEmpty()) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(flavor.gtmInUseQuery().get())) {
            row.next();
            String used = row.getString(1) + ":" + row.getString(2);
            return used.equals(wanted.get().toString())
                    ? Optional.empty()
                    : Optional.of(
                            "uses the GTM at "
                                    + used
                                    + " until it is restarted, then "
                                    + wanted.get());
        }
    }

    private boolean getsNoRows(Connection connection) throws SQLException {
        return flavor.needsShardingGroup()
                && ShardingGroup.isWithout(connection, NodeCatalog.own(site));
    }

    @Override
    public List<Leftover> converge(Catalog catalog) throws EngineException {
        List<Problem> problems = new ArrayList<>();
        converging.lock();
        try (Connection connection = connections.open()) {
            convergeGtm(catalog);
            HbaFile.converge(
                    site,
                    NodeAuthentication.rules(site, catalog, flavor.passwordMethod()),
                    connection);
            local.run(connection, NodeRoles.repairs(connection, site.secrets().verifiers()));
            problems.addAll(nodes.converge(connection, catalog));
            noteEmptiness(connection);
        } catch (SQLException e) {
            problems.add(problem("", SuperuserConnections.reason(e)));
        } catch (IOException e) {
            problems.add(problem("", e.getMessage()));
        } finally {
            converging.unlock();
        }
        if (!problems.isEmpty()) {
            throw new EngineException(problems);
        }
        return List.of();
    }

    /** When no coordinator can be asked, what was known stays. */
    private void noteEmptiness(Connection connection) throws SQLException {
        if (site.spec().kind() != NodeKind.DATANODE) {
            return;
        }
        try {
            empty = tables.here(connection).isEmpty() && !tables.known(connection).isEmpty();
        } catch (EngineException nobodyToAsk) {
            LOG.debug("{}: whether it holds tables is not known", name(), nobodyToAsk);
        }
    }

    private void convergeGtm(Catalog catalog) throws IOException {
        Optional<GtmAddress> gtm =
                Optional.ofNullable(catalog.gtm().get(site.spec().instance().host()));
        if (gtm.isPresent()) {
            NodeSettings.converge(site.with(site.spec().withGtm(gtm)), flavor);
            wantedGtm = gtm.map(GtmAddress::contact);
        }
    }

    @Override
    public Reply.UserTables userTables() throws EngineException {
        try (Connection connection = connections.open()) {
            return Reply.UserTables.of(tables.lostWithout(connection));
        } catch (SQLException e) {
            throw new EngineException(
                    List.of(
                            problem(
                                    ": its tables could not be listed",
                                    SuperuserConnections.reason(e))));
        }
    }

    /** The engine's own DDL reaches every node. */
    @Override
    public Reply createRole(SqlName role, Set<RolePower> powers, PasswordVerifier verifier)
            throws EngineException {
        if (site.spec().kind() != NodeKind.COORDINATOR) {
            return ServerLink.super.createRole(role, powers, verifier);
        }
        try (Connection connection = connections.open();
                Statement statement = connection.createStatement()) {
            statement.execute(new LoginRole(role, powers, verifier).create(connection));
            return new Reply.Done("every node has the role " + role);
        } catch (SQLException e) {
            String reason = SuperuserConnections.reason(e);
            Problem problem = problem(": role " + role + " could not be made", reason);
            if (SuperuserConnections.unreached(e) || reason.contains(NODE_NOT_REACHED)) {
                return new Reply.Failed(Reply.Failed.Kind.UNREACHABLE, List.of(problem));
            }
            throw new EngineException(List.of(problem));
        }
    }

    @Override
    public DdlLock lockDdl() throws EngineException {
        if (site.spec().kind() != NodeKind.COORDINATOR) {
            throw new EngineException(
                    name() + " is a " + site.spec().kind() + ": DDL goes through coordinators",
                    "",
                    null);
        }
        try (Connection connection = connections.open()) {
            boolean enginesOwn =
                    flavor.locksSingleCoordinator()
                            || NodeCatalog.coordinators(connection).size() > 1;
            return ClusterDdlLock.take(connection, connections::open, enginesOwn);
        } catch (SQLException e) {
            throw new EngineException(
                    "DDL cannot be kept out by " + name() + ": " + SuperuserConnections.reason(e),
                    "wait for who changes definitions now, and start coordinators that are down",
                    e);
        }
    }

    @Override
    public Reply.DeepReport checkDeep() {
        if (site.spec().kind() == NodeKind.COORDINATOR) {
            return DeepCheck.run(connections, flavor);
        }
        return Reply.DeepReport.inBoth(check().trouble());
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

    private Problem problem(String where, String reason) {
        return Problem.of(name() + where + ": " + reason, "");
    }
}
