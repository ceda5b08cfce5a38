package xlctl.swarm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Port;

class StackFileTest {
    private static final SwarmSettings SETTINGS =
            new SwarmSettings(
                    true,
                    Specs.IMAGE,
                    new ServiceSpec.Limits(Optional.of("2g"), Optional.of("1.5")),
                    Duration.ofSeconds(60));

    private static final ClusterSpecs COMMON =
            new ClusterSpecs(
                    Specs.CLUSTER,
                    EngineKind.POSTGRESQL,
                    new Cidr("10.0.1.0/24"),
                    List.of(new Cidr("10.0.2.0/24")),
                    SETTINGS,
                    "node-1",
                    new EngineSocket(Path.of("/var/run/docker.sock"), 106));

    @Test
    void saysEverythingThatServicesAre() throws IOException {
        MemberSpecs members =
                new MemberSpecs(
                        Specs.CLUSTER,
                        EngineKind.POSTGRESQL,
                        "zookeeper:2181",
                        new Cidr("10.0.1.0/24"),
                        SETTINGS);
        ServiceSpec coordinator =
                members.of(
                        new HostName("coord-m-1"),
                        true,
                        List.of("node.labels.disk==$ssd"),
                        Optional.of(
                                new ServiceSpec.PublishedPort(new Port(15432), new Port(5432))));
        // A host whose name older parsers take for a boolean.
        ServiceSpec on = members.of(new HostName("on"), false, List.of(), Optional.empty());

        String text =
                StackFile.text(
                        Specs.CLUSTER,
                        List.of(on, coordinator, COMMON.control(), COMMON.zooKeeper()));

        try (var expected = getClass().getResourceAsStream("stack.yml")) {
            assertThat(text).isEqualTo(new String(expected.readAllBytes(), UTF_8));
        }
    }
}
