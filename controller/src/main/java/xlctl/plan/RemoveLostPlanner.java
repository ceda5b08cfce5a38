package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/**
 * Takes a member out of the topology whose host is gone for good: nobody there is asked for
 * anything. What the others have of it they forget as far as they can.
 */
final class RemoveLostPlanner {
    private final String title;
    private final Command.RemoveLost command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();
    private DdlGuard guard = new DdlGuard(Optional.empty());

    RemoveLostPlanner(String title, Command.RemoveLost command, Observation seen) {
        this.title = title;
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        Optional<Node> found =
                new NamedNode(command.kind(), Optional.of(command.name()), Disposal.ERASE)
                        .in(seen.topology(), refusals);
        found.ifPresent(this::require);
        return refusals.isEmpty() ? Planned.ready(steps(found.get())) : Planned.refused(refusals);
    }

    private void require(Node node) {
        requireStockEngine();
        node.instances().forEach(this::requireGone);
        otherHolders(node).forEach(this::requireWithoutTables);
        services(node).requireDocker(seen, refusals);
        if (isCoordinatorLeftBesides(node)) {
            guard = DdlGuard.choose(seen, Optional.of(node.name()), refusals);
        }
    }

    private Plan steps(Node node) {
        Topology then = seen.topology().without(node.name());
        PlanBuilder plan = new PlanBuilder(title);
        new Departure(
                        node,
                        guard,
                        otherHolders(node).stream().map(RemoveLostPlanner::master).toList())
                .addTo(
                        plan,
                        then.hosts().stream()
                                .filter(host -> node.instances().stream().noneMatch(on(host)))
                                .toList(),
                        Action.TakeNote::new);
        services(node).addTo(plan, node);
        plan.thereafter();
        node.instances().stream()
                .map(Instance::host)
                .distinct()
                .filter(host -> !then.hosts().contains(host))
                .flatMap(host -> seen.host(host).flatMap(HostView::record).stream())
                .filter(record -> record.service().isEmpty())
                .forEach(record -> forget(plan, node, record));
        return plan.build();
    }

    private static Predicate<Instance> on(HostName host) {
        return instance -> instance.host().equals(host);
    }

    private static void forget(PlanBuilder plan, Node node, HostRecord record) {
        plan.step(
                "forget that " + record.host() + " is registered",
                Optional.of(node.name()),
                new Action.UnregisterHost(record.host(), Optional.of(record.since())));
    }

    private ObsoleteServices services(Node node) {
        return ObsoleteServices.without(node, Disposal.ERASE, seen);
    }

    private List<Node> otherHolders(Node node) {
        return TablesHeld.holders(node, seen.topology()).stream()
                .filter(holder -> !holder.equals(node))
                .toList();
    }

    private static Instance master(Node node) {
        return node.instances().get(0);
    }

    /**
     * Where all of them are lost nobody can keep DDL out, and none goes through: it asks every
     * node.
     */
    private boolean isCoordinatorLeftBesides(Node node) {
        return seen.topology().nodes(NodeKind.COORDINATOR).stream()
                .anyMatch(coordinator -> !coordinator.equals(node) && !isLost(coordinator));
    }

    private boolean isLost(Node node) {
        return node.instances().stream()
                .allMatch(instance -> LostHost.life(seen.host(instance.host())).isEmpty());
    }

    private void requireStockEngine() {
        EngineKind engine = seen.topology().engine();
        if (engine != EngineKind.POSTGRESQL) {
            refusals.add(
                    Refusal.refused(
                            "what the other nodes of the engine "
                                    + engine
                                    + " make of one that is lost with its tables is not known",
                            "restore its host with its data roots and the agent's state directory"));
        }
    }

    private void requireGone(Instance instance) {
        LostHost.sign(instance.host(), seen.host(instance.host()))
                .ifPresent(
                        sign ->
                                refusals.add(
                                        Refusal.refused(
                                                sign,
                                                new Command.RemoveNode(
                                                                command.kind(),
                                                                Optional.of(command.name()),
                                                                Disposal.KEEP)
                                                        .toString())));
    }

    private void requireWithoutTables(Node holder) {
        Instance master = master(holder);
        Optional<Reply> answer = seen.answerOn(master);
        if (answer.isPresent() && answer.get() instanceof Reply.UserTables tables) {
            TablesHeld.by(holder.kind() + " " + holder.name(), tables)
                    .ifPresent(held -> refusals.add(new Refusal(held, Refusal.Kind.REFUSED)));
        } else if (isLost(holder)) {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "nothing is heard of host "
                                            + master.host()
                                            + ", so whether "
                                            + holder.kind()
                                            + " "
                                            + holder.name()
                                            + " holds tables is not known",
                                    "start the agent there; where that host is gone for good, too,"
                                            + " first: "
                                            + new Command.RemoveLost(
                                                    holder.kind(), holder.name()))));
        } else {
            new HostChecks(seen, refusals).reportOf(master.host());
        }
    }
}
