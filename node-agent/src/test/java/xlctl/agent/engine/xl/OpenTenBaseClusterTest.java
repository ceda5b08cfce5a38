package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.engine.RealEngine;
import xlctl.agent.engine.ServerLink;
import xlctl.topology.EngineKind;
import xlctl.topology.ServerRole;

/** What the nodes of a real OpenTenBase cluster do to each other. */
@Tag(RealEngine.TAG)
class OpenTenBaseClusterTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** In which a pooler looks several times at all that it knows. */
    private static final Duration SEVERAL_ROUNDS = Duration.ofSeconds(6);

    private static final String ORDERS = "CREATE TABLE orders (id int) DISTRIBUTE BY SHARD (id)";
    private static final int ROWS = 200;

    private RunningCluster cluster;

    @BeforeEach
    void startACoordinatorAndADatanode(@TempDir Path directory) throws Exception {
        cluster =
                RunningCluster.start(
                        EngineKind.OPENTENBASE, directory, "pool_maintenance_timeout = 1\n");
        add("coord_1");
        add("data_1");
    }

    @AfterEach
    void endServers() throws InterruptedException {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void poolersOutliveNodesThatClientsHadConnectionsTo() throws Exception {
        cluster.execute("coord_1", ServerRole.CLIENT, ORDERS);
        add("coord_2");
        add("data_2");
        try (Connection client = cluster.connect("postgres", "coord_1", ServerRole.CLIENT);
                Statement statement = client.createStatement()) {
            touchAllNodes(statement);

            cluster.leave("data_2");
            cluster.leave("coord_2");

            await().during(SEVERAL_ROUNDS).atMost(LONG).until(() -> writes(statement));
            touchAllNodes(statement);
        }
    }

    @Test
    void aLaterDatanodeGetsItsShareOfTablesThatAreMadeThen() throws Exception {
        cluster.execute("coord_1", ServerRole.CLIENT, "CREATE SCHEMA shop");
        copy("data_2");
        cluster.converge("data_2");
        cluster.join("data_2");

        cluster.execute("coord_1", ServerRole.CLIENT, ORDERS, insertFrom(1));

        assertThat(count("coord_1")).isEqualTo(ROWS);
        assertThat(datanodes("coord_1")).isEqualTo(2);
    }

    @Test
    void aLaterDatanodeLeavesTablesWhereTheyAre() throws Exception {
        cluster.execute("coord_1", ServerRole.CLIENT, ORDERS);
        copy("data_2");
        cluster.converge("data_2");
        cluster.join("data_2");

        cluster.execute(
                "coord_1",
                ServerRole.CLIENT,
                insertFrom(1),
                "DROP TABLE orders",
                ORDERS,
                insertFrom(1));

        assertThat(count("coord_1")).isEqualTo(ROWS);
        assertThat(datanodes("coord_1")).isEqualTo(1);
    }

    @Test
    void aLaterCoordinatorFindsRowsWhereOthersPutThem() throws Exception {
        add("data_2");
        cluster.execute("coord_1", ServerRole.CLIENT, ORDERS, insertFrom(1));
        copy("coord_2");
        cluster.join("coord_2");

        cluster.execute("coord_2", ServerRole.CLIENT, insertFrom(ROWS + 1));

        assertThat(count("coord_1")).isEqualTo(2 * ROWS);
        assertThat(count("coord_2")).isEqualTo(2 * ROWS);
        assertThat(found("coord_2")).isEqualTo(2 * ROWS);
    }

    @Test
    void aDeepCheckNamesADatanodeThatTakesOtherShardsForItsOwn() throws Exception {
        add("data_2");
        try (ServerLink link = cluster.link("coord_1")) {
            assertThat(link.checkDeep().readTrouble()).isEmpty();

            cluster.forget("data_2");
            cluster.converge("data_1");

            assertThat(link.checkDeep().readTrouble())
                    .get()
                    .asString()
                    .startsWith("from data_1: it takes other shards for its own");
        }
    }

    private static String insertFrom(int first) {
        return "INSERT INTO orders SELECT generate_series("
                + first
                + ", "
                + (first + ROWS - 1)
                + ")";
    }

    private int count(String through) throws SQLException {
        return number(through, "SELECT count(*) FROM orders");
    }

    private int datanodes(String through) throws SQLException {
        return number(through, "SELECT count(DISTINCT xc_node_id) FROM orders");
    }

    /** Each row asked for by itself, of the one datanode that should have it. */
    private int found(String through) throws SQLException {
        int found = 0;
        try (Connection client = cluster.connect("postgres", through, ServerRole.CLIENT);
                PreparedStatement one =
                        client.prepareStatement("SELECT count(*) FROM orders WHERE id = ?")) {
            for (int id = 1; id <= 2 * ROWS; id++) {
                one.setInt(1, id);
                try (ResultSet row = one.executeQuery()) {
                    row.next();
                    found += row.getInt(1);
                }
            }
        }
        return found;
    }

    private int number(String through, String query) throws SQLException {
        return Integer.parseInt(cluster.ask(through, ServerRole.CLIENT, query));
    }

    /** A node with the definitions of the cluster, before it is a part of it. */
    private void copy(String node) throws Exception {
        cluster.prepare(node);
        cluster.engine()
                .copyDefinitions(cluster.site(node), cluster.address("coord_1"), line -> {});
        cluster.start(node);
    }

    private static boolean writes(Statement statement) throws SQLException {
        return statement.executeUpdate("INSERT INTO orders VALUES (1)") == 1;
    }

    private static void touchAllNodes(Statement statement) throws SQLException {
        for (String ddl : List.of("CREATE TABLE t (id int)", "DROP TABLE t")) {
            statement.execute(ddl);
        }
    }

    private void add(String node) throws Exception {
        cluster.prepare(node);
        cluster.start(node);
        cluster.join(node);
    }
}
