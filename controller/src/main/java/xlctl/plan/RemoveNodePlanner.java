package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.text.NearNames;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** Takes a member out of the topology, lets every host forget it, then ends its servers. */
final class RemoveNodePlanner {
    private final String title;
    private final Command.RemoveNode command;
    private final Observation seen;
    private final List<Refusal> refusals;
    private DdlGuard guard = new DdlGuard(Optional.empty());

    RemoveNodePlanner(String title, Command.RemoveNode command, Observation seen) {
        this(title, command, seen, new ArrayList<>());
    }

    RemoveNodePlanner(
            String title, Command.RemoveNode command, Observation seen, List<Refusal> refusals) {
        this.refusals = refusals;
        this.title = title;
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        Optional<Node> node = find();
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
        guard.lock(plan, Optional.of(node.name()));
        for (Node holder : TablesHeld.holders(node, seen.topology())) {
            for (Instance instance : holder.instances()) {
                plan.step(
                        "see that " + holder.name() + " holds no tables of users",
                        Optional.of(node.name()),
                        new Action.CheckNoTables(instance.host(), instance.name()));
            }
        }
        plan.thereafter();
        guard.check(plan, Optional.of(node.name()));
        plan.commit(
                        "take " + node.kind() + " " + node.name() + " out of the topology",
                        Optional.of(node.name()),
                        new TopologyChange.Remove(node.name()))
                .thereafter();
        seen.topology().without(node.name()).hosts().stream()
                .sorted()
                .forEach(
                        host ->
                                plan.step(
                                        "let " + host + " forget " + node.name(),
                                        Optional.of(node.name()),
                                        new Action.Converge(host)));
        plan.thereafter();
        guard.unlock(plan, Optional.of(node.name()));
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

    /** The node that is meant; without one, why is noted. */
    Optional<Node> find() {
        Topology topology = seen.topology();
        if (command.name().isEmpty()) {
            Optional<Node> only = topology.nodes(command.kind()).stream().findFirst();
            if (only.isEmpty()) {
                refusals.add(
                        Refusal.refused(
                                "the cluster has no " + command.kind(),
                                "nothing is to be removed"));
            }
            return only;
        }
        Optional<Node> named = topology.node(command.name().get());
        if (named.isEmpty()) {
            refusals.add(unknown(topology));
        } else if (named.get().kind() != command.kind()) {
            refusals.add(
                    Refusal.refused(
                            named.get().name()
                                    + " is a "
                                    + named.get().kind()
                                    + ", not a "
                                    + command.kind(),
                            asItIs(named.get())));
            return Optional.empty();
        }
        return named;
    }

    private Refusal unknown(Topology topology) {
        List<String> known = Names.of(topology.nodes(command.kind()));
        String near = NearNames.question(command.name().get().value(), known);
        return Refusal.refused(
                "there is no "
                        + command.kind()
                        + " "
                        + command.name().get()
                        + (near.isEmpty() ? "" : ": " + near),
                known.isEmpty()
                        ? "the cluster has no " + command.kind()
                        : "of that kind there are " + String.join(", ", known));
    }

    /** The command that would remove it. */
    private String asItIs(Node node) {
        Optional<NodeName> name =
                node.kind() == NodeKind.GTM ? Optional.empty() : Optional.of(node.name());
        return new Command.RemoveNode(node.kind(), name, command.disposal()).toString();
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
