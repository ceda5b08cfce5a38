package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import xlctl.topology.EngineKind;

class OpenTenBaseIT extends RealEngineLife {
    @Override
    RealEngine engine() {
        return RealEngine.of(EngineKind.OPENTENBASE, "XLCTL_OPENTENBASE_HOME");
    }

    @Override
    String distributed() {
        return "DISTRIBUTE BY SHARD (id)";
    }

    /** Before {@link #spreadsRowsOverAllDatanodes()}. */
    @Test
    @Order(5)
    void givesALaterDatanodeItsShareWhileNothingIsDistributed() throws Exception {
        cluster.xlctl(QuickstartCluster.datanode("data_m_4", 1, 5434)).exits(0);
        cluster.awaitHealth();
        cluster.sql(2, "CREATE TABLE early (id int) " + distributed());
        cluster.sql(2, "INSERT INTO early SELECT generate_series(1, 1000)");

        for (int host : COORDINATORS) {
            assertThat(cluster.sql(host, "SELECT count(*), count(DISTINCT xc_node_id) FROM early"))
                    .as("through " + host)
                    .isEqualTo("1000|4");
        }

        cluster.sql(2, "DROP TABLE early");
        cluster.xlctl("remove", "datanode", "master", "data_m_4", "clean").exits(0);
        cluster.awaitHealth();
    }

    @Test
    @Order(PROXY)
    void refusesADatanodeWhoseNameSortsBeforeOthers() throws Exception {
        Outcome refused = cluster.xlctl(QuickstartCluster.datanode("dat_m_0", 1, 5435)).exits(4);

        assertThat(refused.err()).contains("ascending order of names", "sorts after data_m_3");
    }
}
