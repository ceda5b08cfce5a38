package xlctl.agent.engine.xl;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
import xlctl.agent.engine.postmaster.HbaFile;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Role;

/** The agent as the superuser of a coordinator or datanode. */
final class XlLink implements ServerLink {
    private static final Logger LOG = LoggerFactory.getLogger(XlLink.class);
    private static final int MOST_TABLES = 1000;

    private final Site site;
    private final Flavor flavor;
    private final SuperuserConnections connections;
    private final ReentrantLock converging = new ReentrantLock();

    /** Whether the pooler may know another catalog than the table. Guarded by converging. */
    private boolean poolerBehind = true;

    /** Where the server should find its GTM, once that is known from a topology. */
    private volatile Optional<HostPort> wantedGtm = Optional.empty();

    /** That the datanode came after the tables, as far as was known at the last convergence. */
    private volatile List<String> emptiness = List.of();

    XlLink(Site site, Flavor flavor) {
        this.site = site;
        this.flavor = flavor;
        this.connections = new SuperuserConnections(site);
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
        List<String> notes = new ArrayList<>(emptiness);
        otherGtm(connection).ifPresent(notes::add);
        if (site.spec().kind() == NodeKind.DATANODE && getsNoRows(connection)) {
            notes.add("gets no rows of distributed tables: there were some before it came");
        }
        return notes;
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
    public void converge(Catalog catalog) throws EngineException {
        List<Problem> problems = new ArrayList<>();
        converging.lock();
        try (Connection connection = connections.open()) {
            convergeGtm(catalog);
            HbaFile.converge(
                    site,
                    NodeAuthentication.rules(site, catalog, flavor.passwordMethod()),
                    connection);
            change(connection, NodeRoles.repairs(connection, site.secrets().verifiers()));
            convergeNodes(connection, catalog, problems);
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
    }

    /** When no coordinator can be asked, what was known stays. */
    private void noteEmptiness(Connection connection) throws SQLException {
        if (site.spec().kind() != NodeKind.DATANODE) {
            return;
        }
        try {
            boolean empty =
                    tablesOfDatanode(connection).isEmpty()
                            && !Databases.userTables(Databases.names(connection), connections::open)
                                    .isEmpty();
            emptiness =
                    empty
                            ? List.of(
                                    "holds no rows: tables that were there before it stay on the"
                                            + " datanodes they are on")
                            : List.of();
        } catch (EngineException nobodyToAsk) {
            LOG.debug("{}: whether it holds tables is not known", name(), nobodyToAsk);
        }
    }

    private void convergeGtm(Catalog catalog) throws IOException {
        Optional<GtmAddress> gtm =
                Optional.ofNullable(catalog.gtm().get(site.spec().instance().host()));
        if (gtm.isPresent()) {
            NodeSettings.converge(NodeSettings.with(gtm.get(), site), flavor);
            wantedGtm = gtm.map(GtmAddress::contact);
        }
    }

    private void convergeNodes(Connection connection, Catalog catalog, List<Problem> problems)
            throws SQLException {
        List<NodeCatalog.Row> present = NodeCatalog.present(connection);
        List<NodeCatalog.Row> wanted = NodeCatalog.wanted(site, catalog);
        List<NodeCatalog.Row> left = new ArrayList<>(present);
        List<NodeCatalog.Row> dropped = new ArrayList<>();
        for (NodeCatalog.Row row : NodeCatalog.surplus(present, wanted, catalog)) {
            List<String> tables = tablesThatNeed(connection, row);
            if (tables.isEmpty()) {
                dropped.add(row);
                left.remove(row);
            } else {
                problems.add(
                        Problem.of(
                                name()
                                        + " still knows "
                                        + row.name()
                                        + ", which is no part of the cluster, because of its tables "
                                        + String.join(", ", tables),
                                "drop them through " + name()));
            }
        }
        List<NodeCatalog.Row> standIns =
                flavor.findsDroppedNodes()
                        ? NodeCatalog.standIns(site, present, dropped)
                        : List.of();
        List<String> statements = new ArrayList<>();
        dropped.forEach(row -> statements.add(NodeCatalog.drop(row)));
        statements.addAll(NodeCatalog.statements(present, left, wanted));
        statements.addAll(gtmStatements(connection, catalog));
        standIns.forEach(row -> statements.add(NodeCatalog.create(row)));
        List<String> group = List.of();
        if (flavor.needsShardingGroup() && !catalog.entries().isEmpty()) {
            group = changeGroup(connection, catalog, !NodeCatalog.sameDatanodes(present, wanted));
        }
        if (!statements.isEmpty()) {
            poolerBehind = true;
            run(connection, statements);
            statements.forEach(statement -> LOG.info("{}: {}", name(), statement));
        }
        if (!standIns.isEmpty()) {
            select(connection, showingNodes());
            run(connection, standIns.stream().map(NodeCatalog::drop).toList());
            reloadPooler(connection);
        }
        change(connection, group);
        if (poolerBehind) {
            reloadPooler(connection);
            poolerBehind = false;
        }
        List<String> primary = NodeCatalog.primaryStatements(present, wanted);
        if (!primary.isEmpty()) {
            poolerBehind = true;
            try (Connection another = connections.open()) {
                run(another, primary);
                reloadPooler(another);
            }
            poolerBehind = false;
        }
    }

    /**
     * The call that puts what {@code pgxc_node} says into the server's memory. A coordinator's
     * sessions should not hear of it, as they do of a reload; on a datanode the check does nothing.
     */
    private String showingNodes() {
        return site.spec().kind() == NodeKind.COORDINATOR
                ? "pgxc_pool_check()"
                : "pgxc_pool_reload()";
    }

    private static void reloadPooler(Connection connection) throws SQLException {
        select(connection, "pgxc_pool_reload()");
    }

    private static void select(Connection connection, String call) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT " + call);
        }
    }

    private List<String> gtmStatements(Connection connection, Catalog catalog) throws SQLException {
        Optional<GtmAddress> gtm =
                Optional.ofNullable(catalog.gtm().get(site.spec().instance().host()));
        return flavor.gtmIsInCatalog() && gtm.isPresent()
                ? GtmRow.of(gtm.get()).statements(GtmRow.present(connection))
                : List.of();
    }

    /**
     * Takes the group away when it has to be made anew: datanodes that have shards cannot be
     * dropped, and shards are dealt out only after a commit.
     *
     * @return what is to be done once all datanodes are known
     */
    private List<String> changeGroup(
            Connection connection, Catalog catalog, boolean datanodesChange) throws SQLException {
        List<String> datanodes =
                catalog.datanodes().stream().map(entry -> entry.node().value()).sorted().toList();
        ShardingGroup group = ShardingGroup.present(connection);
        if (!group.mustChange(datanodes, datanodesChange)
                || ShardingGroup.used(connection, connections::open)) {
            return group.completing();
        }
        change(connection, group.unmaking());
        return ShardingGroup.making(datanodes);
    }

    /** Without the datanode they could never be read again. Only coordinators know. */
    private List<String> tablesThatNeed(Connection connection, NodeCatalog.Row row)
            throws SQLException {
        if (row.kind() != NodeKind.DATANODE || site.spec().kind() != NodeKind.COORDINATOR) {
            return List.of();
        }
        return Databases.tables(
                Databases.names(connection),
                connections::open,
                flavor.tablesOfDatanode(),
                row.name());
    }

    /** As a whole or not at all. */
    private static void run(Connection connection, List<String> statements) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String text : statements) {
                statement.execute(text);
            }
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /**
     * Changes what nodes share. A coordinator does it on all nodes that it knows, unless the engine
     * has a kind of session for one server alone; a datanode lets nobody else than coordinators
     * change anything, unless it is told at the begin.
     */
    private void change(Connection connection, List<String> statements) throws SQLException {
        if (statements.isEmpty()) {
            return;
        }
        if (flavor.localSession().isEmpty()) {
            changeOver(connection, statements);
        } else {
            try (Connection local = connections.openWith(flavor.localSession().get())) {
                changeOver(local, statements);
            }
        }
    }

    private static void changeOver(Connection connection, List<String> statements)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("BEGIN READ WRITE");
            try {
                for (String text : statements) {
                    statement.execute(text);
                }
                statement.execute("COMMIT");
            } catch (SQLException e) {
                statement.execute("ROLLBACK");
                throw e;
            }
        }
    }

    @Override
    public Reply.UserTables userTables() throws EngineException {
        try (Connection connection = connections.open()) {
            List<String> tables =
                    site.spec().kind() == NodeKind.DATANODE
                            ? tablesOfDatanode(connection)
                            : tablesOfCoordinator(connection);
            return new Reply.UserTables(
                    tables.subList(0, Math.min(MOST_TABLES, tables.size())), tables.size());
        } catch (SQLException e) {
            throw new EngineException(
                    List.of(
                            problem(
                                    ": its tables could not be listed",
                                    SuperuserConnections.reason(e))));
        }
    }

    /**
     * Every coordinator has the definitions of all tables: only with the last one they are lost.
     */
    private List<String> tablesOfCoordinator(Connection connection) throws SQLException {
        boolean last =
                NodeCatalog.present(connection).stream()
                                .filter(row -> row.kind() == NodeKind.COORDINATOR)
                                .count()
                        <= 1;
        return last
                ? Databases.userTables(Databases.names(connection), connections::open)
                : List.of();
    }

    /** Only coordinators know which datanodes a table lives on. */
    private List<String> tablesOfDatanode(Connection connection)
            throws SQLException, EngineException {
        List<NodeCatalog.Row> coordinators =
                NodeCatalog.present(connection).stream()
                        .filter(row -> row.kind() == NodeKind.COORDINATOR)
                        .toList();
        if (coordinators.isEmpty()) {
            return Databases.userTables(Databases.names(connection), connections::open);
        }
        List<Problem> problems = new ArrayList<>();
        for (NodeCatalog.Row coordinator : coordinators) {
            String address = coordinator.host() + ":" + coordinator.port();
            try (Connection there =
                    connections.openAt(address, SuperuserConnections.MAINTENANCE_DATABASE)) {
                return Databases.tables(
                        Databases.names(there),
                        database -> connections.openAt(address, database),
                        flavor.tablesOfDatanode(),
                        NodeCatalog.own(site));
            } catch (SQLException e) {
                problems.add(
                        problem(
                                ": the coordinator "
                                        + coordinator.name()
                                        + " could not be asked for its tables",
                                SuperuserConnections.reason(e)));
            }
        }
        throw new EngineException(problems);
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
                            || NodeCatalog.present(connection).stream()
                                            .filter(row -> row.kind() == NodeKind.COORDINATOR)
                                            .count()
                                    > 1;
            return ClusterDdlLock.take(Databases.names(connection), connections::open, enginesOwn);
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
            return DeepProbe.run(connections, flavor);
        }
        Health health = check();
        Optional<String> trouble = health.answers() ? Optional.empty() : Optional.of(health.why());
        return new Reply.DeepReport(trouble, trouble);
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
