package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import xlctl.topology.EngineKind;

class PostgresXlIT extends RealEngineLife {
    @Override
    RealEngine engine() {
        return RealEngine.of(EngineKind.POSTGRES_XL, "XLCTL_XL_HOME");
    }

    @Override
    String distributed() {
        return "DISTRIBUTE BY HASH (id)";
    }

    @Test
    @Order(PROXY)
    void runsAGtmProxyThroughWhichTheNodesOfItsHostReachTheGtm() throws Exception {
        Outcome plan =
                cluster.xlctl("--dry-run", "add", "gtm_proxy", "pxy_1", "127.0.1.2", "6666", "pxy")
                        .exits(0);
        assertThat(plan.out()).contains("stop coord_m_1", "start coord_m_1");

        cluster.xlctl("add", "gtm_proxy", "pxy_1", "127.0.1.2", "6666", "pxy").exits(0);

        assertThat(cluster.xlctl("monitor", "gtm_proxy").exits(0).out())
                .isEqualTo("Running: gtm proxy pxy_1\n");
        cluster.xlctl("reconnect", "gtm_proxy", "all").exits(0);
        writesThroughEveryCoordinator();
        cluster.xlctl("stop", "gtm_proxy", "pxy_1").exits(0);
        Outcome deep = cluster.xlctl("monitor", "--deep", "coordinator").exits(1);
        assertThat(deep.err()).contains("Warning: coordinator master coord_m_1: ");
        cluster.xlctl("start", "gtm_proxy", "pxy_1").exits(0);
        cluster.xlctl("monitor", "--deep", "all").exits(0);

        cluster.xlctl("remove", "gtm_proxy", "pxy_1", "clean").exits(0);

        assertThat(cluster.data(2, "pxy")).doesNotExist();
        assertThat(cluster.xlctl("monitor", "all").exits(0).out()).isEqualTo(RUNNING);
        writesThroughEveryCoordinator();
    }

    /** By a fault of the engine, which takes seconds to come when it is called like this. */
    @Test
    @Order(87)
    void opensACoordinatorAgainThatALoginShutForGood() throws Exception {
        Path agent = cluster.home().resolve("quickstart/agents/127.0.1.4/agent.log");
        Path enough = work.resolve("enough");
        List<String> server =
                Files.readAllLines(cluster.data(4, "coord").resolve("postmaster.pid"));
        RunningProgram logins =
                cluster.network()
                        .start(
                                "bash",
                                "-c",
                                """
                                ask() { timeout 20 "$1" -XAt -h "$3" -p "$4" -U postgres; }
                                drop="DROP NODE passing; SELECT pgxc_pool_reload();"
                                nodes="CREATE NODE passing
                                        WITH (TYPE = 'datanode', HOST = '127.0.1.9', PORT = 5432);
                                    SELECT pgxc_pool_reload(); $drop"
                                for each in 1 2 3 4 5 6; do
                                    while [ ! -e "$2" ]; do ask "$@" <<< 'SELECT 1'; done &
                                done
                                while [ ! -e "$2" ]; do ask "$@" <<< "$nodes$nodes$nodes"; done
                                wait
                                ask "$@" <<< "$drop"
                                """,
                                "logins",
                                cluster.client(),
                                enough.toString(),
                                server.get(4),
                                server.get(3));

        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(() -> assertThat(agent).content().contains("let nobody in"));

        Files.createFile(enough);
        logins.end();
        cluster.awaitHealth();
        assertThat(cluster.sql(4, NODES).lines()).containsExactly(SIX);
        writesThroughEveryCoordinator();
    }
}
