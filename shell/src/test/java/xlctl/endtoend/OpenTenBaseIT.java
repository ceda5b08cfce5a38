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

    @Test
    @Order(PROXY)
    void refusesADatanodeWhoseNameSortsBeforeOthers() throws Exception {
        Outcome refused = cluster.xlctl(QuickstartCluster.datanode("dat_m_0", 1, 5435)).exits(4);

        assertThat(refused.err()).contains("ascending order of names", "sorts after data_m_3");
    }
}
