package xlctl.agent.engine.xl;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.Site;
import xlctl.agent.engine.postmaster.Databases;
import xlctl.agent.engine.postmaster.SuperuserConnections;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The tables that users made, as {@code database.schema.table}, and the datanodes they are on. */
final class TablesOfUsers {
    private static final String ALL =
            "SELECT n.nspname || '.' || c.relname"
                    + " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't'"
                    + " AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast',"
                    + " 'storm_catalog', 'pg_oracle')"
                    + " AND NOT EXISTS (SELECT 1 FROM pg_depend d"
                    + " WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid"
                    + " AND d.deptype = 'e')";

    /** Only coordinators know. */
    private static final String ON_DATANODE =
            "SELECT n.nspname || '.' || c.relname FROM pgxc_class x"
                    + " JOIN pg_class c ON c.oid = x.pcrelid"
                    + " JOIN pg_namespace n ON n.oid = c.relnamespace"
                    + " WHERE (SELECT oid FROM pgxc_node WHERE node_name = ?) = ANY (x.nodeoids)"
                    + " AND c.relpersistence <> 't'";

    private final Site site;
    private final SuperuserConnections connections;

    TablesOfUsers(Site site, SuperuserConnections connections) {
        this.site = site;
        this.connections = connections;
    }

    /** Those that the server knows of. */
    List<String> known(Connection connection) throws SQLException {
        return Databases.tables(Databases.names(connection), connections::open, ALL);
    }

    /** Those that would be lost with the server's node. */
    List<String> lostWithout(Connection connection) throws SQLException, EngineException {
        return site.spec().kind() == NodeKind.DATANODE ? here(connection) : defined(connection);
    }

    /** Every coordinator has the definitions of all tables: only with the last they are lost. */
    private List<String> defined(Connection connection) throws SQLException {
        return NodeCatalog.coordinators(connection).size() > 1 ? List.of() : known(connection);
    }

    /**
     * Those that this datanode has rows of, or would have.
     *
     * @throws EngineException when no coordinator can be asked
     */
    List<String> here(Connection connection) throws SQLException, EngineException {
        List<NodeCatalog.Row> coordinators = NodeCatalog.coordinators(connection);
        if (coordinators.isEmpty()) {
            return known(connection);
        }
        List<Problem> problems = new ArrayList<>();
        for (NodeCatalog.Row coordinator : coordinators) {
            String address = coordinator.host() + ":" + coordinator.port();
            try (Connection there =
                    connections.openAt(address, SuperuserConnections.MAINTENANCE_DATABASE)) {
                return on(
                        NodeCatalog.own(site),
                        there,
                        database -> connections.openAt(address, database));
            } catch (SQLException e) {
                problems.add(
                        Problem.of(
                                site.spec().instance().name()
                                        + ": the coordinator "
                                        + coordinator.name()
                                        + " could not be asked for its tables: "
                                        + SuperuserConnections.reason(e),
                                ""));
            }
        }
        throw new EngineException(problems);
    }

    /** Those on a datanode, of which this coordinator knows. */
    List<String> on(String datanode, Connection connection) throws SQLException {
        return on(datanode, connection, connections::open);
    }

    private static List<String> on(String datanode, Connection coordinator, Databases.Door door)
            throws SQLException {
        return Databases.tables(Databases.names(coordinator), door, ON_DATANODE, datanode);
    }
}
