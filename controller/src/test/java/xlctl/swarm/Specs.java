package xlctl.swarm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;

/** Services to test with. */
final class Specs {
    static final ClusterName CLUSTER = new ClusterName("c-1");
    static final String IMAGE = "image:1";

    private Specs() {}

    static ServiceSpec member(String host, String... constraints) {
        return new MemberSpecs(
                        CLUSTER,
                        EngineKind.POSTGRESQL,
                        "zookeeper:2181",
                        new Cidr("10.0.1.0/24"),
                        new SwarmSettings(
                                true, IMAGE, ServiceSpec.Limits.NONE, Duration.ofSeconds(60)))
                .of(new HostName(host), false, List.of(constraints), Optional.empty());
    }
}
