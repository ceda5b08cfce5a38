package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.StopMode;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
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
        for (NodeKind kind : List.of(NodeKind.DATANODE, NodeKind.COORDINATOR)) {
            seen.topology().nodes(kind).stream()
                    .filter(node -> isLedElsewhere(node.instances().get(0)))
                    .filter(node -> runs(node.instances().get(0)))
                    .forEach(node -> restart(plan, node, why));
        }
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

    private boolean runs(Instance instance) {
        return seen.host(instance.host()).flatMap(view -> view.report()).stream()
                .flatMap(report -> report.instances().stream())
                .anyMatch(
                        each ->
                                each.instance().equals(instance.name())
                                        && each.state() == InstanceReport.State.UP);
    }
}
