package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Problem;
import xlctl.topology.TlsVersion;
import xlctl.topology.Topology;

class FoundingSettingTest {
    private static final Cidr TEN = new Cidr("10.0.0.0/8");
    private static final Cidr LOOPBACK = new Cidr("127.0.0.0/8");

    @Test
    void namesEverySettingThatTheClusterWasNotMadeWith() {
        Topology present =
                cluster(
                        EngineKind.POSTGRESQL,
                        Networks.plain(List.of(), List.of(TEN)).with(TlsVersion.TLS_1_2));
        Topology wanted =
                cluster(EngineKind.OPENTENBASE, Networks.plain(List.of(LOOPBACK), List.of()));

        assertThat(
                        problems(
                                wanted,
                                present,
                                FoundingSetting.ENGINE,
                                FoundingSetting.CLUSTER_NETWORKS,
                                FoundingSetting.CLIENT_NETWORKS,
                                FoundingSetting.TLS))
                .containsExactly(
                        "here: engine is opentenbase, but the cluster shop was made with postgresql",
                        "here: networks.cluster is 127.0.0.0/8, but the cluster shop was made with"
                                + " each host's own address",
                        "here: networks.clients is none, but the cluster shop was made with"
                                + " 10.0.0.0/8",
                        "here: networks.tls is no, but the cluster shop was made with 1.2");
    }

    @Test
    void whatNobodySetContradictsNothing() {
        Topology present = cluster(EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);
        Topology wanted =
                cluster(EngineKind.POSTGRESQL, Networks.HOSTS_ONLY.with(TlsVersion.TLS_1_2));

        assertThat(problems(wanted, present, FoundingSetting.ENGINE)).isEmpty();
        assertThat(problems(wanted, present, FoundingSetting.TLS)).hasSize(1);
    }

    @Test
    void theOrderOfNetworksDoesNotMatter() {
        Topology present =
                cluster(
                        EngineKind.POSTGRESQL,
                        Networks.plain(List.of(TEN, LOOPBACK), List.of(LOOPBACK)));
        Topology wanted =
                cluster(
                        EngineKind.POSTGRESQL,
                        Networks.plain(List.of(LOOPBACK, TEN), List.of(LOOPBACK)));

        assertThat(problems(wanted, present, FoundingSetting.values())).isEmpty();
    }

    private static List<String> problems(
            Topology wanted, Topology present, FoundingSetting... set) {
        Map<FoundingSetting, String> origins = new EnumMap<>(FoundingSetting.class);
        for (FoundingSetting each : set) {
            origins.put(each, "here");
        }
        return FoundingSetting.contradictions(wanted, origins, present).stream()
                .map(Problem::what)
                .toList();
    }

    private static Topology cluster(EngineKind engine, Networks networks) {
        return Topology.empty(new ClusterName("shop"), engine, networks);
    }
}
