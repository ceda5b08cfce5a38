package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.StopMode;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

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
        for (NodeKind kind : List.of(NodeKind.DATANODE, NodeKind.COORDINATOR)) {
            seen.topology().nodes(kind).stream()
                    .filter(node -> runsHere(node.instances().get(0)))
                    .forEach(node -> restart(plan, node, why));
        }
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

    private boolean runsHere(Instance instance) {
        return instance.host().equals(host)
                && seen.host(host).flatMap(view -> view.report()).stream()
                        .flatMap(report -> report.instances().stream())
                        .anyMatch(
                                each ->
                                        each.instance().equals(instance.name())
                                                && each.state() == InstanceReport.State.UP);
    }
}
