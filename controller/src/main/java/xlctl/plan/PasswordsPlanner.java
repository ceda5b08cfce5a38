package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.Instance;
import xlctl.topology.Node;

/**
 * Gives the cluster new passwords. Every server admits the new ones before any server uses them,
 * and every server uses them before any turns the old ones away, so that nobody is ever turned
 * away. Who has but one role changes its password last: the superuser, whom only the agent beside
 * it is, and the first client.
 */
final class PasswordsPlanner {
    private final Command.RotatePasswords command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    PasswordsPlanner(Command.RotatePasswords command, Observation seen) {
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        EngineKind engine = seen.topology().engine();
        List<Node> nodes = seen.topology().nodes();
        if (engine != EngineKind.POSTGRESQL) {
            refusals.add(
                    Refusal.refused(
                            "the servers of "
                                    + engine
                                    + " log in to each other as whoever is logged in: between the"
                                    + " change on the first and on the last of them they would turn"
                                    + " each other away",
                            "when passwords have got out, set up a new cluster and move the data"
                                    + " to it"));
        } else if (nodes.isEmpty()) {
            refusals.add(Refusal.refused("the cluster has no members yet", "add some: help add"));
        } else {
            requireAgents();
        }
        if (!refusals.isEmpty()) {
            return Planned.refused(refusals);
        }
        PlanBuilder plan = new PlanBuilder(command.toString());
        plan.step(
                        "make new passwords",
                        Optional.empty(),
                        new Action.MakePasswords(),
                        Optional.of(new Action.ForgetPasswords()))
                .thereafter();
        onEach(
                plan,
                nodes,
                "have the new passwords admitted by ",
                PasswordStage.NEXT_ADMITTED,
                Optional.of(PasswordStage.CURRENT));
        onEach(
                plan,
                nodes.stream().filter(node -> node.kind().inCatalog()).toList(),
                "have the new passwords used by ",
                PasswordStage.NEXT_USED,
                Optional.of(PasswordStage.NEXT_ADMITTED));
        plan.commit(
                        "make the new passwords the cluster's",
                        Optional.empty(),
                        new TopologyChange.NewPasswords())
                .thereafter();
        onEach(
                plan,
                nodes,
                "have the old passwords turned away by ",
                PasswordStage.CURRENT,
                Optional.empty());
        return Planned.ready(plan.build());
    }

    /** A server that does not run takes what it is sent when it is started. */
    private void requireAgents() {
        HostChecks hosts = new HostChecks(seen, refusals);
        seen.topology().hosts().stream()
                .sorted()
                .forEach(
                        host ->
                                hosts.reportOf(host)
                                        .ifPresent(
                                                report ->
                                                        refusals.addAll(
                                                                HostFitness.of(
                                                                        host,
                                                                        report,
                                                                        EngineKind.POSTGRESQL))));
    }

    private static void onEach(
            PlanBuilder plan,
            List<Node> nodes,
            String what,
            PasswordStage stage,
            Optional<PasswordStage> undo) {
        for (Node node : nodes) {
            for (Instance instance : node.instances()) {
                plan.step(
                        what + node.name() + " on " + instance.host(),
                        Optional.of(node.name()),
                        take(node, instance, stage),
                        undo.map(before -> take(node, instance, before)));
            }
        }
        plan.thereafter();
    }

    private static Action take(Node node, Instance instance, PasswordStage stage) {
        return new Action.TakePasswords(instance.host(), instance.name(), node.kind(), stage);
    }
}
