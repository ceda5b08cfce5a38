package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** Takes a member out of the topology, lets every host forget it, then ends its servers. */
final class RemoveNodePlanner {
    private final String title;
    private final Command.RemoveNode command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();
    private DdlGuard guard = new DdlGuard(Optional.empty());

    RemoveNodePlanner(String title, Command.RemoveNode command, Observation seen) {
        this.title = title;
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        Optional<Node> node =
                new NamedNode(command.kind(), command.name(), command.disposal())
                        .in(seen.topology(), refusals);
        node.ifPresent(this::requireNotNeeded);
        node.ifPresent(this::requireReachable);
        node.ifPresent(each -> obsoleteWith(each).requireDocker(seen, refusals));
        if (node.isPresent() && node.get().kind().inCatalog()) {
            guard = DdlGuard.choose(seen, node.map(Node::name), refusals);
        }
        return refusals.isEmpty() ? Planned.ready(steps(node.get())) : Planned.refused(refusals);
    }

    private Plan steps(Node node) {
        PlanBuilder plan = new PlanBuilder(title);
        List<Instance> holders =
                TablesHeld.holders(node, seen.topology()).stream()
                        .flatMap(holder -> holder.instances().stream())
                        .toList();
        new Departure(node, guard, holders)
                .addTo(plan, seen.topology().without(node.name()).hosts(), Action.Converge::new);
        if (node.kind() == NodeKind.GTM_PROXY) {
            new NeighbourRestarts(seen, seen.topology().without(node.name()))
                    .add(plan, "so that it leaves " + node.name());
        }
        for (Instance instance : node.instances()) {
            plan.step(
                    "stop " + node.name() + " on " + instance.host(),
                    Optional.of(node.name()),
                    new Action.StopInstance(instance.host(), instance.name(), StopMode.FAST));
        }
        plan.thereafter();
        for (Instance instance : node.instances()) {
            plan.step(
                    (command.disposal() == Disposal.ERASE ? "erase " : "let go of ")
                            + node.name()
                            + " on "
                            + instance.host(),
                    Optional.of(node.name()),
                    new Action.DiscardInstance(
                            instance.host(), instance.name(), command.disposal()));
        }
        obsoleteWith(node).addTo(plan, node);
        return plan.build();
    }

    private ObsoleteServices obsoleteWith(Node node) {
        return ObsoleteServices.without(node, command.disposal(), seen);
    }

    private void requireNotNeeded(Node node) {
        if (node.kind() != NodeKind.GTM) {
            return;
        }
        List<String> members =
                Names.of(
                        seen.topology().nodes().stream()
                                .filter(other -> other.kind() != NodeKind.GTM)
                                .collect(Collectors.toUnmodifiableList()));
        if (!members.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the GTM "
                                    + node.name()
                                    + " is the last one, and these need it: "
                                    + String.join(", ", members),
                            "remove those first"));
        }
    }

    private void requireReachable(Node node) {
        HostChecks hosts = new HostChecks(seen, refusals);
        for (Instance instance : node.instances()) {
            if (hosts.reportOf(instance.host()).isPresent()) {
                requireNobodyStuck(node, instance);
            }
        }
        hosts.requireThatAllFollow(node.kind(), asked(node));
        for (Node holder : TablesHeld.holders(node, seen.topology())) {
            for (Instance instance : holder.instances()) {
                if (holder.equals(node)
                        ? seen.host(instance.host()).flatMap(HostView::report).isPresent()
                        : hosts.reportOf(instance.host()).isPresent()) {
                    requireWithoutTables(holder, instance);
                }
            }
        }
    }

    private Set<HostName> asked(Node node) {
        return Stream.concat(Stream.of(node), TablesHeld.holders(node, seen.topology()).stream())
                .flatMap(each -> each.instances().stream())
                .map(Instance::host)
                .collect(Collectors.toSet());
    }

    private void requireNobodyStuck(Node node, Instance instance) {
        if (node.kind() != NodeKind.GTM_PROXY) {
            return;
        }
        List<NodeName> stuck =
                new NeighbourRestarts(seen, seen.topology().without(node.name()))
                        .stuckBehind(instance);
        if (!stuck.isEmpty()) {
            String names = stuck.stream().map(NodeName::value).collect(Collectors.joining(" "));
            refusals.add(
                    Refusal.refused(
                            "the nodes that "
                                    + node.name()
                                    + " serves leave it by a restart, for which it and they must be up: "
                                    + names
                                    + " could not",
                            "first: start " + node.name() + " " + names));
        }
    }

    private void requireWithoutTables(Node node, Instance instance) {
        Optional<Reply> answer = seen.answerOn(instance);
        if (answer.isPresent() && answer.get() instanceof Reply.UserTables tables) {
            TablesHeld.by(node.kind() + " " + node.name(), tables)
                    .ifPresent(held -> refusals.add(new Refusal(held, Refusal.Kind.REFUSED)));
        } else if (answer.isPresent() && answer.get() instanceof Reply.Failed failed) {
            for (Problem problem : failed.problems()) {
                refusals.add(
                        Refusal.unreachable(
                                Problem.of(
                                        "whether "
                                                + node.name()
                                                + " holds tables of users cannot be told: "
                                                + problem.what(),
                                        problem.remedy())));
            }
        } else {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "the agent of host "
                                            + instance.host()
                                            + " did not say whether "
                                            + node.name()
                                            + " holds tables of users",
                                    "try again")));
        }
    }
}
