package xlctl.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.agent.api.StopMode;
import xlctl.command.Target;
import xlctl.text.NearNames;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Role;

/**
 * Starts, stops or kills members, kind after kind. There is no commit point: each member stands for
 * itself.
 */
final class MembersPlanner {
    private static final List<NodeKind> STARTING =
            List.of(NodeKind.GTM, NodeKind.GTM_PROXY, NodeKind.DATANODE, NodeKind.COORDINATOR);

    private final String title;
    private final Target target;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    MembersPlanner(String title, Target target, Observation seen) {
        this.title = title;
        this.target = target;
        this.seen = seen;
    }

    Planned start() {
        return plan(
                STARTING,
                "start",
                (instance, state) ->
                        new Action.StartInstance(
                                instance.host(), instance.name(), state.generation()));
    }

    Planned stop(StopMode mode) {
        return plan(
                stopping(),
                "stop",
                (instance, state) ->
                        new Action.StopInstance(instance.host(), instance.name(), mode));
    }

    Planned kill() {
        return plan(
                stopping(),
                "kill",
                (instance, state) -> new Action.KillInstance(instance.host(), instance.name()));
    }

    Planned reconnect() {
        return plan(
                List.of(NodeKind.GTM_PROXY),
                "reconnect",
                (instance, state) -> new Action.Reconnect(instance.host(), instance.name()));
    }

    private static List<NodeKind> stopping() {
        List<NodeKind> reversed = new ArrayList<>(STARTING);
        Collections.reverse(reversed);
        return reversed;
    }

    private Planned plan(List<NodeKind> order, String verb, ActionOnMember action) {
        List<Node> nodes = wantedNodes();
        List<Member> members = new ArrayList<>();
        nodes.forEach(node -> members.addAll(membersOf(node)));
        if (refusals.isEmpty() && members.isEmpty()) {
            refusals.add(noMembers());
        }
        if (!refusals.isEmpty()) {
            return Planned.refused(refusals);
        }
        PlanBuilder plan = new PlanBuilder(title);
        for (NodeKind kind : order) {
            members.stream()
                    .filter(member -> member.node().kind() == kind)
                    .forEach(
                            member ->
                                    plan.step(
                                            verb
                                                    + " "
                                                    + member.node().name()
                                                    + " on "
                                                    + member.instance().host(),
                                            Optional.of(member.node().name()),
                                            action.on(member.instance(), member.state())));
            plan.thereafter();
        }
        return Planned.ready(plan.build());
    }

    private List<Node> wantedNodes() {
        if (target.names().isEmpty()) {
            return seen.topology().nodes().stream()
                    .filter(node -> target.kind().map(node.kind()::equals).orElse(true))
                    .collect(Collectors.toUnmodifiableList());
        }
        List<Node> nodes = new ArrayList<>();
        for (NodeName name : target.names().stream().distinct().toList()) {
            Optional<Node> node = seen.topology().node(name);
            if (node.isEmpty()) {
                refusals.add(unknown(name));
            } else if (target.kind().isPresent() && target.kind().get() != node.get().kind()) {
                refusals.add(
                        Refusal.refused(
                                name
                                        + " is a "
                                        + node.get().kind()
                                        + ", not a "
                                        + target.kind().get(),
                                "name it without its kind, or with the right one"));
            } else {
                nodes.add(node.get());
            }
        }
        return nodes;
    }

    private List<Member> membersOf(Node node) {
        Optional<NodeState> state = seen.stateOf(node.name());
        if (state.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "who is master of " + node.name() + " is not recorded in the store",
                            "restore ZooKeeper's data from a backup"));
            return List.of();
        }
        List<Member> members =
                node.instances().stream()
                        .filter(instance -> wanted(state.get().roleOf(instance.name())))
                        .map(instance -> new Member(node, instance, state.get()))
                        .collect(Collectors.toUnmodifiableList());
        if (members.isEmpty() && !target.names().isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            node.name()
                                    + " has no "
                                    + target.role().map(Role::word).orElse("instance"),
                            "see what there is with: status"));
        }
        return members;
    }

    private boolean wanted(Role role) {
        return target.role().map(role::equals).orElse(true);
    }

    private Refusal unknown(NodeName name) {
        List<String> known = Names.of(seen.topology().nodes());
        String near = NearNames.question(name.value(), known);
        return Refusal.refused(
                "there is no node " + name + (near.isEmpty() ? "" : ": " + near),
                known.isEmpty()
                        ? "the cluster has no nodes yet"
                        : "the nodes are " + String.join(", ", known));
    }

    private Refusal noMembers() {
        return Refusal.refused(
                target.equals(Target.ALL)
                        ? "the cluster has no members yet"
                        : "the cluster has no "
                                + target.kind().map(NodeKind::word).orElse("member")
                                + target.role().map(role -> " " + role.word()).orElse(""),
                "add some first: help add");
    }

    /** An instance that the command is for. */
    private record Member(Node node, Instance instance, NodeState state) {}

    /** What is to be done to a member. */
    @FunctionalInterface
    private interface ActionOnMember {
        Action on(Instance instance, NodeState state);
    }
}
