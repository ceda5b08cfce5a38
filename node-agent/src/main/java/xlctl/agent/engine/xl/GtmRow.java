package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import xlctl.topology.GtmAddress;

/**
 * Where a server of OpenTenBase finds the GTM: a row of its {@code pgxc_node}, made when its data
 * directory was. A change takes effect at once, also while no GTM answers.
 */
record GtmRow(String name, String host, int port) {

    static GtmRow of(GtmAddress gtm) {
        return new GtmRow(
                gtm.gtm().value(), gtm.contact().host().value(), gtm.contact().port().value());
    }

    static Optional<GtmRow> present(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "SELECT node_name, node_host, node_port FROM pgxc_node"
                                        + " WHERE node_type = 'G'")) {
            return row.next()
                    ? Optional.of(new GtmRow(row.getString(1), row.getString(2), row.getInt(3)))
                    : Optional.empty();
        }
    }

    /** Another GTM takes the place of the one that was there, under whatever name. */
    List<String> statements(Optional<GtmRow> present) {
        if (present.filter(this::equals).isPresent()) {
            return List.of();
        }
        if (present.filter(row -> row.name.equals(name)).isPresent()) {
            return List.of("ALTER GTM NODE " + QuotedSql.name(name) + " WITH (" + where() + ")");
        }
        String create =
                "CREATE GTM NODE " + QuotedSql.name(name) + " WITH (" + where() + ", PRIMARY)";
        return present.isPresent()
                ? List.of("DROP GTM NODE " + QuotedSql.name(present.get().name), create)
                : List.of(create);
    }

    private String where() {
        return "HOST = " + QuotedSql.text(host) + ", PORT = " + port;
    }
}
