package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.Site;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/**
 * {@code pgxc_node} of one server: what it says, what it should say, and the statements that lead
 * there. A row that is there is altered, never dropped and made anew: tables refer to its number.
 */
final class NodeCatalog {
    /**
     * OpenTenBase takes a datanode only when no other node has a name that sorts after it. Of what
     * does not matter to Postgres-XL, one order is as good as another.
     */
    private static final Comparator<Row> MAKING =
            Comparator.comparing((Row row) -> row.kind() != NodeKind.DATANODE)
                    .thenComparing(Row::name);

    /** Sorts after every name that a node can have. */
    private static final String STAND_IN = "~";

    /** Where nobody listens. */
    private static final int NO_PORT = 1;

    /** A coordinator takes no notice of more. */
    private static final int MOST_PREFERRED = 64;

    private NodeCatalog() {}

    /**
     * @param preferred whether a coordinator reads copies there when it has the choice
     * @param primary whether writes to copies begin there, so that they do not block each other
     */
    record Row(
            String name, NodeKind kind, String host, int port, boolean preferred, boolean primary) {
        Row withoutPrimary() {
            return new Row(name, kind, host, port, preferred, false);
        }
    }

    /** In the order in which the nodes were made. */
    static List<Row> present(Connection connection) throws SQLException {
        List<Row> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT node_name, node_type, node_host, node_port,"
                                        + " nodeis_preferred, nodeis_primary FROM pgxc_node"
                                        + " WHERE node_type IN ('C', 'D') ORDER BY oid")) {
            while (row.next()) {
                rows.add(
                        new Row(
                                row.getString(1),
                                row.getString(2).equals("D")
                                        ? NodeKind.DATANODE
                                        : NodeKind.COORDINATOR,
                                row.getString(3),
                                row.getInt(4),
                                row.getBoolean(5),
                                row.getBoolean(6)));
            }
        }
        return rows;
    }

    static List<Row> coordinators(Connection connection) throws SQLException {
        return present(connection).stream()
                .filter(row -> row.kind() == NodeKind.COORDINATOR)
                .toList();
    }

    /**
     * The cluster's nodes, and the server's own even when it is not yet one of them. Only
     * coordinators prefer datanodes: those on their own machine, and the first of all to write.
     */
    static List<Row> wanted(Site site, Catalog catalog) {
        boolean coordinator = site.spec().kind() == NodeKind.COORDINATOR;
        Optional<NodeName> primary =
                catalog.datanodes().stream().map(Catalog.Entry::node).findFirst();
        Set<NodeName> preferred =
                catalog.preferredDatanodes(site.spec().instance().host()).stream()
                        .limit(MOST_PREFERRED)
                        .map(Catalog.Entry::node)
                        .collect(Collectors.toSet());
        Map<String, Row> rows = new LinkedHashMap<>();
        for (Catalog.Entry entry : catalog.entries()) {
            rows.put(
                    entry.node().value(),
                    new Row(
                            entry.node().value(),
                            entry.kind(),
                            asName(entry.master().host().value()),
                            entry.master().port().value(),
                            coordinator && preferred.contains(entry.node()),
                            coordinator && primary.filter(entry.node()::equals).isPresent()));
        }
        String own = own(site);
        rows.putIfAbsent(
                own,
                new Row(
                        own,
                        site.spec().kind(),
                        asName(site.spec().instance().host().value()),
                        site.port(),
                        false,
                        false));
        return List.copyOf(rows.values());
    }

    static String own(Site site) {
        return site.spec().instance().name().node().value();
    }

    /**
     * The rows that should not be there. Nobody is dropped for the word of a catalog that knows no
     * node at all: then there is no topology yet.
     */
    static List<Row> surplus(List<Row> present, List<Row> wanted, Catalog catalog) {
        if (catalog.entries().isEmpty()) {
            return List.of();
        }
        return present.stream().filter(row -> find(wanted, row).isEmpty()).toList();
    }

    /**
     * What makes the catalog right.
     *
     * @param before all rows
     * @param present without those that are dropped before
     */
    static List<String> statements(List<Row> before, List<Row> present, List<Row> wanted) {
        boolean hadPrimary = before.stream().anyMatch(Row::primary);
        return changes(
                present,
                wanted.stream()
                        .map(
                                row ->
                                        hadPrimary && !isPrimary(row, before)
                                                ? row.withoutPrimary()
                                                : row)
                        .toList());
    }

    /**
     * What makes another node primary than before. A session takes the old one for primary until it
     * ends: for one that begins after {@link #statements} took effect.
     */
    static List<String> primaryStatements(List<Row> present, List<Row> wanted) {
        if (present.stream().noneMatch(Row::primary)) {
            return List.of();
        }
        return wanted.stream()
                .filter(row -> row.primary() && !isPrimary(row, present))
                .map(
                        row ->
                                "ALTER NODE "
                                        + QuotedSql.name(row.name())
                                        + " WITH ("
                                        + options(row)
                                        + ")")
                .toList();
    }

    private static boolean isPrimary(Row row, List<Row> present) {
        return find(present, row).filter(Row::primary).isPresent();
    }

    private static List<String> changes(List<Row> present, List<Row> wanted) {
        List<String> takesFirst = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (Row row : present) {
            if (row.primary() && find(wanted, row).isEmpty()) {
                takesFirst.add(
                        "ALTER NODE " + QuotedSql.name(row.name()) + " WITH (PRIMARY = FALSE)");
            }
        }
        for (Row row : wanted.stream().sorted(MAKING).toList()) {
            Optional<Row> before = find(present, row);
            if (before.isEmpty()) {
                others.add(create(row));
            } else if (!before.get().equals(row)) {
                // Only one node may be primary at a time.
                (row.primary() ? others : takesFirst)
                        .add(
                                "ALTER NODE "
                                        + QuotedSql.name(row.name())
                                        + " WITH ("
                                        + options(row)
                                        + ")");
            }
        }
        takesFirst.addAll(others);
        return takesFirst;
    }

    private static Optional<Row> find(List<Row> rows, Row row) {
        return rows.stream().filter(one -> one.name().equals(row.name())).findFirst();
    }

    static boolean sameDatanodes(List<Row> some, List<Row> others) {
        return datanodes(some).equals(datanodes(others));
    }

    private static Set<String> datanodes(List<Row> rows) {
        return rows.stream()
                .filter(row -> row.kind() == NodeKind.DATANODE)
                .map(Row::name)
                .collect(Collectors.toSet());
    }

    /**
     * One of its kind for each node that is dropped, so that there are not fewer than before.
     *
     * @param present all rows, with those that are dropped
     */
    static List<Row> standIns(Site site, List<Row> present, List<Row> dropped) {
        List<Row> standIns = new ArrayList<>();
        StringBuilder name = new StringBuilder(STAND_IN);
        for (Row row : dropped) {
            while (present.stream().anyMatch(one -> one.name().contentEquals(name))) {
                name.append(STAND_IN);
            }
            String host = asName(site.spec().instance().host().value());
            standIns.add(new Row(name.toString(), row.kind(), host, NO_PORT, false, false));
            name.append(STAND_IN);
        }
        return standIns;
    }

    static String create(Row row) {
        return "CREATE NODE " + QuotedSql.name(row.name()) + " WITH (" + options(row) + ")";
    }

    static String drop(Row row) {
        return "DROP NODE " + QuotedSql.name(row.name());
    }

    private static String options(Row row) {
        String where =
                "TYPE = '"
                        + row.kind().word()
                        + "', HOST = "
                        + QuotedSql.text(row.host())
                        + ", PORT = "
                        + row.port();
        return row.kind() == NodeKind.DATANODE
                ? where
                        + ", PRIMARY = "
                        + truth(row.primary())
                        + ", PREFERRED = "
                        + truth(row.preferred())
                : where;
    }

    private static String truth(boolean value) {
        return value ? "TRUE" : "FALSE";
    }

    /** The column takes 63 bytes; a longer DNS name is cut. */
    private static String asName(String host) {
        return host.substring(0, Math.min(63, host.length()));
    }
}
