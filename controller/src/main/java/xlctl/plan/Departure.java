package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeName;

/**
 * That a node goes out of the topology, while DDL is kept out: the part that all removals have.
 *
 * @param holders instances that are looked at once more for tables of users
 */
record Departure(Node node, DdlGuard guard, List<Instance> holders) {
    Departure {
        requireNonNull(node, "node is null");
        requireNonNull(guard, "guard is null");
        holders = List.copyOf(holders);
    }

    /**
     * @param hosts that are to forget it
     * @param forget how one of them is told
     */
    void addTo(PlanBuilder plan, Collection<HostName> hosts, Function<HostName, Action> forget) {
        Optional<NodeName> name = Optional.of(node.name());
        guard.lock(plan, name);
        for (Instance holder : holders) {
            plan.step(
                    "see that " + holder.name().node() + " holds no tables of users",
                    name,
                    new Action.CheckNoTables(holder.host(), holder.name()));
        }
        plan.thereafter();
        guard.check(plan, name);
        plan.commit(
                        "take " + node.kind() + " " + node.name() + " out of the topology",
                        name,
                        new TopologyChange.Remove(node.name()))
                .thereafter();
        hosts.stream()
                .sorted()
                .forEach(
                        host ->
                                plan.step(
                                        "let " + host + " forget " + node.name(),
                                        name,
                                        forget.apply(host)));
        plan.thereafter();
        guard.unlock(plan, name);
    }
}
