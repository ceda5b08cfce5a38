package xlctl.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Topology;

class JsonTest {
    private static final InstanceName FIRST = new InstanceName(new NodeName("coord_m_1"), 1);
    private static final Topology TOPOLOGY =
            Topology.empty(
                            new ClusterName("postgresql-1"),
                            EngineKind.POSTGRESQL,
                            Networks.HOSTS_ONLY)
                    .with(
                            new Node(
                                    FIRST.node(),
                                    NodeKind.COORDINATOR,
                                    new OperatorFile("extra.conf", "work_mem = '8MB'\n"),
                                    OperatorFile.NONE,
                                    List.of(
                                            new Instance(
                                                    FIRST,
                                                    new HostName("127.0.1.2"),
                                                    new Port(5432),
                                                    Optional.of(new Port(15432)),
                                                    new Directory("coord"),
                                                    Optional.empty()))));

    sealed interface Shape permits Shape.Circle, Shape.Angular {
        record Circle(int radius) implements Shape {}

        sealed interface Angular extends Shape permits Square {}
    }

    record Square(Optional<NodeName> name, Duration age) implements Shape.Angular {}

    record Drawing(List<Shape> shapes, Map<NodeName, Port> ports, boolean filled) {}

    @Test
    void readsBackTheTopologyItWrote() {
        assertThat(Json.read(Json.write(TOPOLOGY), Topology.class, "it")).isEqualTo(TOPOLOGY);
    }

    @Test
    void writesNamesAndPortsAsPlainValues() {
        assertThat(new String(Json.write(TOPOLOGY), UTF_8))
                .contains(
                        "\"name\":\"coord_m_1.1\",\"host\":\"127.0.1.2\",\"port\":5432,\"pooler\":15432")
                .doesNotContain("absolute");
    }

    @Test
    void readsBackAnInstantToTheNanosecond() {
        NodeState state =
                NodeState.first(FIRST, Instant.parse("2026-11-21T03:04:05.123456789Z"), "added");
        assertThat(Json.read(Json.write(state), NodeState.class, "it")).isEqualTo(state);
    }

    @Test
    void namesTheVariantOfASealedInterfaceAtEveryDepth() {
        Drawing drawing =
                new Drawing(
                        List.of(
                                new Shape.Circle(3),
                                new Square(Optional.of(new NodeName("a")), Duration.ofSeconds(2))),
                        Map.of(new NodeName("b"), new Port(1)),
                        true);
        byte[] json = Json.write(drawing);
        assertThat(new String(json, UTF_8))
                .contains("\"type\":\"Circle\"")
                .contains("\"type\":\"Square\"");
        assertThat(Json.read(json, Drawing.class, "it")).isEqualTo(drawing);
        assertThat(Json.read(Json.write(new Shape.Circle(4)), Shape.class, "it"))
                .isEqualTo(new Shape.Circle(4));
    }

    @Test
    void refusesUnknownMissingAndNullFieldsNamingTheSource() {
        for (String broken :
                List.of(
                        "{\"shapes\":[],\"ports\":{},\"filled\":true,\"more\":1}",
                        "{\"shapes\":[],\"ports\":{}}",
                        "{\"shapes\":null,\"ports\":{},\"filled\":true}",
                        "{\"shapes\":[{\"type\":\"Blob\"}],\"ports\":{},\"filled\":true}",
                        "{\"shapes\":[],\"ports\":{\"b\":\"1\"},\"filled\":true}",
                        "{\"shapes\":[],\"ports\":{\"b\":99999},\"filled\":true}",
                        "{\"shapes\":[],\"ports\":{},\"filled\":true} x",
                        "null",
                        "")) {
            assertThatThrownBy(() -> Json.read(broken.getBytes(UTF_8), Drawing.class, "/some/path"))
                    .as(broken)
                    .isInstanceOf(JsonException.class)
                    .hasMessageContaining("/some/path");
        }
    }

    @Test
    void whatMayBeAbsentMayBeLeftOut() {
        assertThat(
                        Json.read(
                                "{\"type\":\"Square\",\"age\":\"PT2S\"}".getBytes(UTF_8),
                                Shape.class,
                                "it"))
                .isEqualTo(new Square(Optional.empty(), Duration.ofSeconds(2)));
        assertThatThrownBy(
                        () ->
                                Json.read(
                                        "{\"type\":\"Square\",\"name\":\"a\"}".getBytes(UTF_8),
                                        Shape.class,
                                        "/some/path"))
                .hasMessageContaining("/some/path")
                .hasMessageContaining("age");
    }

    @Test
    void saysWhatAnInvalidValueMayBe() {
        assertThatThrownBy(() -> Json.read("\"9a\"".getBytes(UTF_8), NodeName.class, "/p"))
                .hasMessageContaining("\"9a\" is not a node name");
    }
}
