package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

/** Makes what belongs to no one node: a database or a role is on all coordinators and datanodes. */
final class SqlObjectsPlanner {
    private final String title;
    private final Optional<NodeName> through;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    /**
     * @param through the coordinator that the operator named
     */
    SqlObjectsPlanner(String title, Optional<NodeName> through, Observation seen) {
        this.title = title;
        this.through = through;
        this.seen = seen;
    }

    /**
     * On every node at the same time, closed to clients; they are let in once all have it. DDL is
     * kept out meanwhile.
     */
    Planned database(Command.CreateDatabase create) {
        requireStockEngine();
        DdlGuard guard = guard();
        List<Node> nodes = nodes();
        requireAgents(nodes);
        requireAllRun("a database", nodes);
        if (!refusals.isEmpty()) {
            return Planned.refused(refusals);
        }
        SqlName name = create.name();
        SqlName owner = create.owner().orElse(new SqlName(ServerRole.CLIENT.roleName()));
        PlanBuilder plan = new PlanBuilder(title);
        guard.lock(plan, Optional.empty());
        // What is amiss with the name or the owner, one node says as well as all.
        for (boolean first : List.of(true, false)) {
            onEach(
                    plan,
                    nodes.stream().filter(node -> first == isOf(guard, node)).toList(),
                    "make database " + name + " on ",
                    at -> new Action.CreateDatabase(at.host(), at.name(), name, owner),
                    at -> Optional.of(new Action.DropDatabase(at.host(), at.name(), name)));
        }
        guard.check(plan, Optional.empty());
        plan.commit(
                        "see that every node has database " + name,
                        Optional.empty(),
                        new TopologyChange.None())
                .thereafter();
        onEach(
                plan,
                nodes,
                "let clients into database " + name + " of ",
                at -> new Action.OpenDatabase(at.host(), at.name(), name),
                at -> Optional.empty());
        guard.unlock(plan, Optional.empty());
        return Planned.ready(plan.build());
    }

    /** In one step: the coordinator's DDL reaches every node or none. */
    Planned role(Command.CreateUser create) {
        DdlGuard guard = guard();
        if (Stream.of(ServerRole.values())
                .anyMatch(own -> own.roleName().equals(create.name().value()))) {
            refusals.add(
                    Refusal.refused(
                            "the role " + create.name() + " is one that xlctl keeps itself",
                            "choose another name"));
        }
        requireAllRun("a role", nodes());
        if (!refusals.isEmpty()) {
            return Planned.refused(refusals);
        }
        Instance at = guard.instance().orElseThrow();
        PlanBuilder plan = new PlanBuilder(title);
        plan.step(
                "make role " + create.name() + " by " + at.name().node(),
                guard.name(),
                new Action.CreateRole(at.host(), at.name(), create.name(), create.powers()));
        return Planned.ready(plan.build());
    }

    private List<Node> nodes() {
        return Stream.of(NodeKind.COORDINATOR, NodeKind.DATANODE)
                .flatMap(kind -> seen.topology().nodes(kind).stream())
                .toList();
    }

    private static boolean isOf(DdlGuard guard, Node node) {
        return guard.name().equals(Optional.of(node.name()));
    }

    private static void onEach(
            PlanBuilder plan,
            List<Node> nodes,
            String what,
            Function<Instance, Action> action,
            Function<Instance, Optional<Action>> undo) {
        for (Node node : nodes) {
            Instance master = node.instances().get(0);
            plan.step(
                    what + node.name(),
                    Optional.of(node.name()),
                    action.apply(master),
                    undo.apply(master));
        }
        plan.thereafter();
    }

    private void requireStockEngine() {
        EngineKind engine = seen.topology().engine();
        if (engine != EngineKind.POSTGRESQL) {
            refusals.add(
                    Refusal.refused(
                            "the engine " + engine + " makes databases on all nodes by itself",
                            "Psql -c 'CREATE DATABASE ...', as a role that may:"
                                    + " Createuser NAME --createdb makes one"));
        }
    }

    /** The coordinator that the operator named, or any that runs. */
    private DdlGuard guard() {
        if (seen.topology().nodes(NodeKind.COORDINATOR).isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the cluster has no coordinator",
                            "first: add coordinator master NAME HOST PORT POOLER DIR"));
            return new DdlGuard(Optional.empty());
        }
        DdlGuard chosen = DdlGuard.choose(seen, Optional.empty(), refusals);
        return through.map(this::named).orElse(chosen);
    }

    private DdlGuard named(NodeName name) {
        Optional<Node> node =
                seen.topology().node(name).filter(found -> found.kind() == NodeKind.COORDINATOR);
        if (node.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            name + " is not a coordinator",
                            "the coordinators are "
                                    + String.join(
                                            ", ",
                                            Names.of(
                                                    seen.topology().nodes(NodeKind.COORDINATOR)))));
        } else if (!seen.runsByThen(node.get())) {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "coordinator "
                                            + name
                                            + (seen.isDown(node.get())
                                                    ? " does not run"
                                                    : " is not known to run: its agent is not"
                                                            + " reached"),
                                    "start " + name + ", or leave out \"- " + name + "\"")));
        }
        return new DdlGuard(node);
    }

    /** Each is asked to do its part. */
    private void requireAgents(List<Node> nodes) {
        HostChecks hosts = new HostChecks(seen, refusals);
        nodes.stream()
                .map(node -> node.instances().get(0).host())
                .distinct()
                .forEach(hosts::reportOf);
    }

    private void requireAllRun(String what, List<Node> nodes) {
        List<Node> down = nodes.stream().filter(seen::isDown).toList();
        if (!down.isEmpty()) {
            String names = String.join(" ", Names.of(down));
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    what
                                            + " is made on every coordinator and datanode, and"
                                            + " these do not run: "
                                            + names,
                                    "start " + names)));
        }
    }
}
