package xlctl.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopologyTest {
    private static final ClusterName CLUSTER = new ClusterName("pg-1");
    private static final Topology EMPTY =
            Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);

    private final Node gtm = node("gtm_m_1", NodeKind.GTM, "h1", 5432, "-", "gtm", "-");
    private final Node coordinator =
            node("coord_m_1", NodeKind.COORDINATOR, "h2", 5432, "15432", "coord", "wal");
    private final Topology topology = EMPTY.with(gtm).with(coordinator);

    @Test
    void keepsItsNodesInTheOrderOfTheirAdding() {
        assertThat(topology.nodes()).containsExactly(gtm, coordinator);
        assertThat(topology.node(gtm.name())).contains(gtm);
        assertThat(topology.node(new NodeName("absent"))).isEmpty();
        assertThat(topology.nodes(NodeKind.COORDINATOR)).containsExactly(coordinator);
        assertThat(topology.hosts())
                .containsExactlyInAnyOrder(new HostName("h1"), new HostName("h2"));
        assertThat(topology.instancesOn(new HostName("h2"))).isEqualTo(coordinator.instances());
        assertThat(topology.instances()).hasSize(2);
    }

    @Test
    void givesANewTopologyForEveryChange() {
        assertThat(topology.without(gtm.name()).nodes()).containsExactly(coordinator);
        assertThat(topology.without(new NodeName("absent"))).isEqualTo(topology);
        assertThat(topology.nodes()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // name, host, port, pooler, directory, wal directory | what is said
                "other | h2 | 6000 | -     | other  | -     | ''",
                "other | h9 | 5432 | 15432 | coord  | wal   | ''",
                "coord_m_1 | h9 | 1 | -    | x      | -     |"
                        + " the name coord_m_1 is taken by coordinator coord_m_1",
                "COORD_M_1 | h9 | 1 | -    | x      | -     |"
                        + " the name COORD_M_1 is taken by coordinator coord_m_1",
                "other | h2 | 5432 | -     | other  | -     |"
                        + " port 5432 on h2 is taken by coord_m_1",
                "other | h2 | 15432 | -    | other  | -     |"
                        + " port 15432 on h2 is taken by coord_m_1",
                "other | h2 | 6000 | 5432  | other  | -     |"
                        + " port 5432 on h2 is taken by coord_m_1",
                "other | h2 | 6000 | 15432 | other  | -     |"
                        + " port 15432 on h2 is taken by coord_m_1",
                "other | h2 | 6000 | -     | coord  | -     |"
                        + " directory coord on h2 is taken by coord_m_1",
                "other | h2 | 6000 | -     | wal    | -     |"
                        + " directory wal on h2 is taken by coord_m_1",
                "other | h2 | 6000 | -     | other  | coord |"
                        + " directory coord on h2 is taken by coord_m_1",
                "other | h2 | 6000 | -     | coord/x | -    |"
                        + " directory coord/x on h2 is taken by coord_m_1, which has coord",
                "other | h2 | 5432 | 15432 | coord  | -     |"
                        + " port 5432 on h2 is taken by coord_m_1;"
                        + " port 15432 on h2 is taken by coord_m_1;"
                        + " directory coord on h2 is taken by coord_m_1",
            })
    void findsEverythingThatIsTaken(
            String name,
            String host,
            int port,
            String pooler,
            String directory,
            String wal,
            String said) {
        Node candidate = node(name, NodeKind.DATANODE, host, port, pooler, directory, wal);

        List<Problem> conflicts = topology.conflicts(candidate);

        assertThat(String.join("; ", conflicts.stream().map(Problem::what).toList()))
                .isEqualTo(said);
        assertThat(conflicts).allSatisfy(problem -> assertThat(problem.remedy()).isNotEmpty());
        if (conflicts.isEmpty()) {
            assertThat(topology.with(candidate).nodes()).endsWith(candidate);
        } else {
            assertThatThrownBy(() -> topology.with(candidate))
                    .isInstanceOf(InvalidValueException.class)
                    .hasMessage(said);
        }
    }

    @Test
    void findsConflictsAmongTheInstancesOfOneNode() {
        NodeName name = new NodeName("data_m_1");
        Node candidate =
                new Node(
                        name,
                        NodeKind.DATANODE,
                        OperatorFile.NONE,
                        OperatorFile.NONE,
                        List.of(
                                instance(name, 1, "h5", 5432, "-", "data", "-"),
                                instance(name, 2, "h5", 5432, "-", "data2", "-")));

        assertThat(topology.conflicts(candidate))
                .extracting(Problem::what)
                .containsExactly("port 5432 on h5 is taken by data_m_1");
    }

    @Test
    void refusesANodeWhoseInstancesAreNotRight() {
        NodeName name = new NodeName("data_m_1");
        Instance first = instance(name, 1, "h5", 5432, "-", "data", "-");
        Instance second = instance(name, 2, "h6", 5432, "-", "data", "-");
        Instance foreign = instance(new NodeName("other"), 3, "h7", 5432, "-", "data", "-");

        assertInvalid(
                () ->
                        new Node(
                                name,
                                NodeKind.DATANODE,
                                OperatorFile.NONE,
                                OperatorFile.NONE,
                                List.of()),
                "no instance");
        assertInvalid(
                () ->
                        new Node(
                                name,
                                NodeKind.DATANODE,
                                OperatorFile.NONE,
                                OperatorFile.NONE,
                                List.of(second, first)),
                "not in order");
        assertInvalid(
                () ->
                        new Node(
                                name,
                                NodeKind.DATANODE,
                                OperatorFile.NONE,
                                OperatorFile.NONE,
                                List.of(first, first)),
                "not in order");
        assertInvalid(
                () ->
                        new Node(
                                name,
                                NodeKind.DATANODE,
                                OperatorFile.NONE,
                                OperatorFile.NONE,
                                List.of(first, foreign)),
                "other.3 does not belong to node data_m_1");
        assertThat(
                        new Node(
                                        name,
                                        NodeKind.DATANODE,
                                        OperatorFile.NONE,
                                        OperatorFile.NONE,
                                        List.of(first, second))
                                .instance(second.name()))
                .contains(second);
    }

    @Test
    void refusesAnInstanceThatIsInItsOwnWay() {
        NodeName name = new NodeName("data_m_1");

        assertInvalid(
                () -> instance(name, 1, "h", 5432, "5432", "data", "-"), "is its server port");
        assertInvalid(
                () -> instance(name, 1, "h", 5432, "-", "data", "data/wal"), "must lie outside");
        assertInvalid(
                () -> instance(name, 1, "h", 5432, "-", "data/x", "data"), "must lie outside");
        Instance right = instance(name, 1, "h", 5432, "6000", "data", "wal");
        assertThat(right.ports()).containsExactly(new Port(5432), new Port(6000));
        assertThat(right.directories())
                .containsExactly(new Directory("data"), new Directory("wal"));
        assertThat(right.address()).hasToString("h:5432");
    }

    @Test
    void theNodeStateSaysWhoIsMaster() {
        InstanceName master = InstanceName.parse("data_m_1.1");
        NodeState state = NodeState.first(master, Instant.EPOCH, "added");

        assertThat(state.generation()).isEqualTo(1);
        assertThat(state.roleOf(master)).isEqualTo(Role.MASTER);
        assertThat(state.roleOf(InstanceName.parse("data_m_1.2"))).isEqualTo(Role.SLAVE);
        assertInvalid(
                () -> new NodeState(master, 0, NodeState.Phase.STABLE, Instant.EPOCH, ""),
                "generation");
    }

    private static void assertInvalid(ThrowingCallable action, String message) {
        assertThatThrownBy(action)
                .isInstanceOf(InvalidValueException.class)
                .hasMessageContaining(message);
    }

    private static Node node(
            String name,
            NodeKind kind,
            String host,
            int port,
            String pooler,
            String directory,
            String wal) {
        NodeName nodeName = new NodeName(name);
        return new Node(
                nodeName,
                kind,
                OperatorFile.NONE,
                OperatorFile.NONE,
                List.of(instance(nodeName, 1, host, port, pooler, directory, wal)));
    }

    private static Instance instance(
            NodeName node,
            int ordinal,
            String host,
            int port,
            String pooler,
            String directory,
            String wal) {
        return new Instance(
                new InstanceName(node, ordinal),
                new HostName(host),
                new Port(port),
                pooler.equals("-") ? Optional.empty() : Optional.of(Port.parse(pooler)),
                new Directory(directory),
                wal.equals("-") ? Optional.empty() : Optional.of(new Directory(wal)));
    }
}
