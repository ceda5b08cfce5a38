package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

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
}
