package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.operation.World;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** A cluster as the planner is shown it. It is founded with its first node. */
final class ObservedCluster {
    static final ClusterName NAME = new ClusterName("test");
    static final Node GTM = node(NodeKind.GTM, "gtm_1", "h1");
    static final Node COORDINATOR = node(NodeKind.COORDINATOR, "coord_1", "h2");
    static final Node DATANODE = node(NodeKind.DATANODE, "data_1", "h3");
    static final String KEY = "ssh-ed25519 AAAA";

    private final Map<HostName, HostView> hosts = new HashMap<>();
    private final Map<Instance, Reply> answers = new HashMap<>();
    private final List<OperationHeader> open = new ArrayList<>();
    private final List<Problem> contradictions = new ArrayList<>();
    private Optional<LockHolder> lock = Optional.empty();
    private Optional<SwarmFacts> swarm = Optional.empty();
    private Topology topology;

    ObservedCluster(Topology topology) {
        this.topology = topology;
    }

    /** Without a node yet. Three hosts answer, and have room for a node each. */
    static ObservedCluster empty(EngineKind engine) {
        ObservedCluster cluster =
                new ObservedCluster(Topology.empty(NAME, engine, Networks.HOSTS_ONLY));
        for (Node node : List.of(GTM, COORDINATOR, DATANODE)) {
            cluster.answering(cluster.report(node.instances().get(0).host().value()));
            cluster.hasRoomFor(node);
        }
        return cluster;
    }

    Topology topology() {
        return topology;
    }

    void become(Topology other) {
        topology = other;
    }

    void have(Node... nodes) {
        for (Node node : nodes) {
            topology = topology.with(node);
        }
    }

    /** A host that is registered, and what its agent answers. */
    void answering(Reply.HostReport report) {
        answering(record(report.host().value(), Optional.empty(), Optional.empty()), report);
    }

    void answering(HostRecord record, Reply.HostReport report) {
        host(
                new HostView(
                        record.host(),
                        Optional.of(record),
                        Optional.empty(),
                        Optional.of(report),
                        Optional.empty()));
    }

    /** A host that is registered, and why its agent was not reached; empty when it is not there. */
    void silent(String host, Optional<Problem> why) {
        host(
                new HostView(
                        new HostName(host),
                        Optional.of(record(host, Optional.empty(), Optional.empty())),
                        Optional.empty(),
                        Optional.empty(),
                        why));
    }

    void host(HostView view) {
        hosts.put(view.host(), view);
    }

    /** Says that a host runs there. */
    void place(String host, String place) {
        hosts.computeIfPresent(
                new HostName(host),
                (name, view) ->
                        new HostView(
                                name,
                                Optional.of(record(host, Optional.of(place), Optional.empty())),
                                view.presence(),
                                view.report(),
                                view.unreachable()));
    }

    /** What its agent answers to the question that a command raises about a node. */
    void answer(Node node, Reply reply) {
        answers.put(node.instances().get(0), reply);
    }

    void hasRoomFor(Node node) {
        answer(node, new Reply.PlaceReport(List.of()));
    }

    void open(OperationHeader operation) {
        open.add(operation);
    }

    void locked(LockHolder holder) {
        lock = Optional.of(holder);
    }

    /** A setting that the cluster was not founded with. */
    void contradicted(Problem problem) {
        contradictions.add(problem);
    }

    void swarm(SwarmFacts facts) {
        swarm = Optional.of(facts);
    }

    Observation seen() {
        Map<NodeName, NodeState> states = new HashMap<>();
        topology.nodes()
                .forEach(
                        node ->
                                states.put(
                                        node.name(),
                                        NodeState.first(
                                                node.instances().get(0).name(),
                                                Instant.EPOCH,
                                                "test")));
        return new Observation(
                topology,
                !topology.nodes().isEmpty(),
                states,
                hosts,
                answers,
                lock,
                open,
                Set.of(),
                Map.of(),
                swarm,
                Optional.empty(),
                contradictions);
    }

    Plan planOf(Command command) {
        Planned planned = Planner.plan(command, seen());
        assertThat(planned.problems()).isEmpty();
        return planned.plan().orElseThrow();
    }

    List<String> reasons(Command command) {
        Planned planned = Planner.plan(command, seen());
        assertThat(planned.plan()).isEmpty();
        return planned.problems().stream().map(Problem::toString).toList();
    }

    Reply.HostReport report(String host, InstanceReport... instances) {
        return new Reply.HostReport(
                new HostName(host),
                "1",
                new Reply.EngineReport(topology.engine(), "/usr", Optional.of("15.0"), List.of()),
                List.of(),
                List.of(instances),
                true,
                0,
                List.of());
    }

    static InstanceReport up(String instance) {
        return new InstanceReport(
                InstanceName.parse(instance),
                InstanceReport.State.UP,
                Optional.of(Role.MASTER),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                "",
                List.of());
    }

    static HostRecord record(String host, Optional<String> place, Optional<String> service) {
        return new HostRecord(
                new HostName(host),
                HostPort.parse(host + ":7422"),
                KEY,
                Instant.EPOCH,
                place,
                service);
    }

    static Node node(NodeKind kind, String name, String host) {
        return node(kind, name, host, 5432);
    }

    static Node node(NodeKind kind, String name, String host, int port) {
        return World.node(kind, name, host, port, "data/" + name);
    }

    static Command remove(NodeKind kind, String name, Disposal disposal) {
        return World.remove(kind, name, disposal);
    }

    static List<String> titles(Plan plan) {
        return plan.steps().stream().map(Step::title).toList();
    }

    /** The names of what is done, stage by stage. */
    static List<List<String>> stages(Plan plan) {
        return plan.stages().stream()
                .map(
                        stage ->
                                stage.stream()
                                        .map(step -> step.action().getClass().getSimpleName())
                                        .toList())
                .toList();
    }
}
