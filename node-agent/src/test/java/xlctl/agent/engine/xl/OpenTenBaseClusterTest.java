package xlctl.agent.engine.xl;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.sql.Connection;
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
import xlctl.topology.EngineKind;
import xlctl.topology.ServerRole;

/** What the nodes of a real OpenTenBase cluster do to each other. */
@Tag(RealEngine.TAG)
class OpenTenBaseClusterTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    /** In which a pooler looks several times at all that it knows. */
    private static final Duration SEVERAL_ROUNDS = Duration.ofSeconds(6);

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
        cluster.execute(
                "coord_1",
                ServerRole.CLIENT,
                "CREATE TABLE orders (id int) DISTRIBUTE BY SHARD (id)");
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
