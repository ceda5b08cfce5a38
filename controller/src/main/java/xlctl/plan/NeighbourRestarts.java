package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.agent.api.StopMode;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Topology;

/**
 * Restarts of the coordinators and datanodes whose way to the GTM has changed: they read it only
 * when they start. Those that do not run are left alone.
 */
final class NeighbourRestarts {
    private final Observation seen;
    private final Topology after;

    /**
     * @param after the topology that follows the one that was seen
     */
    NeighbourRestarts(Observation seen, Topology after) {
        this.seen = seen;
        this.after = after;
    }

    /** In their own stages, datanodes before coordinators. */
    void add(PlanBuilder plan, String why) {
        ledElsewhere().stream()
                .filter(node -> seen.isUp(node.instances().get(0)))
                .forEach(node -> restart(plan, node, why));
    }

    /**
     * Those that cannot leave a proxy because they, or it, are not up: one that does not reach its
     * GTM takes note of nothing, and one that is stopped would start with its old way.
     */
    List<NodeName> stuckBehind(Instance proxy) {
        boolean up = seen.isUp(proxy);
        return ledElsewhere().stream()
                .filter(node -> !up || !seen.isUp(node.instances().get(0)))
                .map(Node::name)
                .toList();
    }

    /** Datanodes before coordinators. */
    private List<Node> ledElsewhere() {
        return Stream.of(NodeKind.DATANODE, NodeKind.COORDINATOR)
                .flatMap(kind -> seen.topology().nodes(kind).stream())
                .filter(node -> isLedElsewhere(node.instances().get(0)))
                .toList();
    }

    private void restart(PlanBuilder plan, Node node, String why) {
        Instance instance = node.instances().get(0);
        HostName host = instance.host();
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

    private boolean isLedElsewhere(Instance instance) {
        return !wayToGtm(seen.topology(), instance).equals(wayToGtm(after, instance));
    }

    private Optional<HostPort> wayToGtm(Topology topology, Instance instance) {
        return GtmAddress.of(topology, seen.nodeStates(), seen.places(), instance.host())
                .map(GtmAddress::contact);
    }
}
