package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.GtmAddress;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/**
 * Makes what one server knows of the cluster's nodes match the topology: {@code pgxc_node}, the
 * group of datanodes, and the pooler's copy of both. One thread at a time.
 */
final class NodeConvergence {
    private static final Logger LOG = LoggerFactory.getLogger(NodeConvergence.class);

    private final Site site;
    private final Flavor flavor;
    private final SuperuserConnections connections;
    private final TablesOfUsers tables;
    private final LocalSession local;

    /** Whether the pooler may know another catalog than the table. */
    private boolean poolerBehind = true;

    NodeConvergence(
            Site site, Flavor flavor, SuperuserConnections connections, TablesOfUsers tables) {
        this.site = site;
        this.flavor = flavor;
        this.connections = connections;
        this.tables = tables;
        this.local = new LocalSession(flavor, connections);
    }

    /** What could not be matched. */
    List<Problem> converge(Connection connection, Catalog catalog) throws SQLException {
        List<Problem> problems = new ArrayList<>();
        List<NodeCatalog.Row> present = NodeCatalog.present(connection);
        List<NodeCatalog.Row> wanted = NodeCatalog.wanted(site, catalog);
        List<NodeCatalog.Row> left = new ArrayList<>(present);
        List<NodeCatalog.Row> dropped = new ArrayList<>();
        for (NodeCatalog.Row row : NodeCatalog.surplus(present, wanted, catalog)) {
            List<String> needing = tablesThatNeed(connection, row);
            if (needing.isEmpty()) {
                dropped.add(row);
                left.remove(row);
            } else {
                problems.add(stillKnown(row, needing));
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
            execute(connection, statements);
            statements.forEach(statement -> LOG.info("{}: {}", name(), statement));
        }
        if (!standIns.isEmpty()) {
            select(connection, showingNodes());
            execute(connection, standIns.stream().map(NodeCatalog::drop).toList());
            reloadPooler(connection);
        }
        local.run(connection, group);
        if (poolerBehind) {
            reloadPooler(connection);
            endKeptSessions(connection);
            poolerBehind = false;
        }
        List<String> primary = NodeCatalog.primaryStatements(present, wanted);
        if (!primary.isEmpty()) {
            poolerBehind = true;
            try (Connection another = connections.open()) {
                execute(another, primary);
                reloadPooler(another);
            }
            poolerBehind = false;
        }
        return problems;
    }

    private String name() {
        return site.spec().instance().name().toString();
    }

    private Problem stillKnown(NodeCatalog.Row row, List<String> needing) {
        return Problem.of(
                name()
                        + " still knows "
                        + row.name()
                        + ", which is no part of the cluster, because of its tables "
                        + String.join(", ", needing),
                "drop them through " + name());
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

    /**
     * In them a {@code CREATE TABLE} that another coordinator passes on would leave new datanodes
     * out. Other nodes see that an idle one has ended before they use it again.
     */
    private void endKeptSessions(Connection connection) throws SQLException {
        if (flavor.keptByOtherNodes().isPresent()) {
            select(
                    connection,
                    "pg_terminate_backend(pid) FROM pg_stat_activity WHERE state = 'idle'"
                            + " AND pid <> pg_backend_pid() AND "
                            + flavor.keptByOtherNodes().get());
        }
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
     * dropped, and shards are dealt out only after a commit. A datanode that is no part of the
     * cluster yet makes none: when it has joined it could not tell from its nodes, which it knew
     * already, that the others make theirs anew.
     *
     * @return what is to be done once all datanodes are known
     */
    private List<String> changeGroup(
            Connection connection, Catalog catalog, boolean datanodesChange) throws SQLException {
        List<String> datanodes =
                catalog.datanodes().stream().map(entry -> entry.node().value()).sorted().toList();
        ShardingGroup group = ShardingGroup.present(connection);
        boolean joined =
                site.spec().kind() != NodeKind.DATANODE
                        || datanodes.contains(NodeCatalog.own(site));
        if (!joined
                || !group.mustChange(datanodes, datanodesChange)
                || ShardingGroup.used(connection, connections::open)) {
            return group.completing();
        }
        local.run(connection, group.unmaking());
        return ShardingGroup.making(datanodes);
    }

    /** Without the datanode they could never be read again. Only coordinators know. */
    private List<String> tablesThatNeed(Connection connection, NodeCatalog.Row row)
            throws SQLException {
        if (row.kind() != NodeKind.DATANODE || site.spec().kind() != NodeKind.COORDINATOR) {
            return List.of();
        }
        return tables.on(row.name(), connection);
    }

    /** As a whole or not at all. */
    private static void execute(Connection connection, List<String> statements)
            throws SQLException {
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
}
