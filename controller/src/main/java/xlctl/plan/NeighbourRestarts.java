package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.agent.api.StopMode;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Topology;

/**
 * Restarts of the coordinators and datanodes of a host whose way to the GTM has changed: they read
 * it only when they start. Those that do not run are left alone.
 */
final class NeighbourRestarts {
    private final Observation seen;
    private final HostName host;

    NeighbourRestarts(Observation seen, HostName host) {
        this.seen = seen;
        this.host = host;
    }

    /** In their own stages, datanodes before coordinators. */
    void add(PlanBuilder plan, String why) {
        neighbours(seen.topology(), host).stream()
                .filter(node -> seen.isUp(node.instances().get(0)))
                .forEach(node -> restart(plan, node, why));
    }

    /**
     * Those that cannot leave the host's proxy because they, or it, are not up: one that does not
     * reach its GTM takes note of nothing, and one that is stopped would start with its old way.
     */
    List<NodeName> stuckBehind(Instance proxy) {
        List<Node> neighbours = neighbours(seen.topology(), host);
        return seen.isUp(proxy)
                ? neighbours.stream()
                        .filter(node -> !seen.isUp(node.instances().get(0)))
                        .map(Node::name)
                        .toList()
                : neighbours.stream().map(Node::name).toList();
    }

    private void restart(PlanBuilder plan, Node node, String why) {
        Instance instance = node.instances().get(0);
        plan.step(
                        "stop " + node.name() + " on " + host + ", " + why,
                        Optional.of(node.name()),
                        new Action.StopInstance(host, instance.name(), StopMode.FAST))
                .thereafter()
                .step(
                        "start " + node.name() + " on " + host + " again",
                        Optional.of(node.name()),
                        new Action.StartInstance(
                                host,
                                instance.name(),
                                seen.stateOf(node.name()).orElseThrow().generation()))
                .thereafter();
    }

    /** Datanodes before coordinators. */
    private static List<Node> neighbours(Topology topology, HostName host) {
        return Stream.of(NodeKind.DATANODE, NodeKind.COORDINATOR)
                .flatMap(kind -> topology.nodes(kind).stream())
                .filter(node -> node.instances().get(0).host().equals(host))
                .toList();
    }
}
