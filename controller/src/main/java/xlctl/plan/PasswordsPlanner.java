package xlctl.plan;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;

/**
 * Gives the cluster new passwords. Every server admits the new ones before any server uses them,
 * and every server uses them before any turns the old ones away, so that nobody is ever turned
 * away. Who has but one role changes its password last: the superuser, whom only the agent beside
 * it is, and the first client.
 */
final class PasswordsPlanner {
    private static final Set<InstanceReport.State> AWAITED =
            EnumSet.of(
                    InstanceReport.State.STARTING,
                    InstanceReport.State.SILENT,
                    InstanceReport.State.REFUSING,
                    InstanceReport.State.STOPPING,
                    InstanceReport.State.DOWN);

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

    private void requireAgents() {
        HostChecks hosts = new HostChecks(seen, refusals);
        seen.topology().hosts().stream()
                .sorted()
                .forEach(
                        host ->
                                hosts.reportOf(host)
                                        .ifPresent(report -> requireReady(host, report)));
    }

    /** What would keep a server from taking its passwords would also keep it from giving up. */
    private void requireReady(HostName host, Reply.HostReport report) {
        List<Refusal> unfit = HostFitness.of(host, report, EngineKind.POSTGRESQL);
        refusals.addAll(unfit);
        if (!unfit.isEmpty()) {
            return;
        }
        report.obstacles().stream()
                .flatMap(List::stream)
                .forEach(
                        problem ->
                                refusals.add(
                                        Refusal.refused(
                                                "host " + host + ": " + problem.what(),
                                                problem.remedy())));
        seen.topology().instancesOn(host).forEach(instance -> requireUpOrStopped(instance, report));
    }

    /** One that was stopped takes what it is sent when it is started. */
    private void requireUpOrStopped(Instance instance, Reply.HostReport report) {
        report.instances().stream()
                .filter(each -> each.instance().equals(instance.name()))
                .filter(each -> AWAITED.contains(each.state()))
                .forEach(
                        each ->
                                refusals.add(
                                        Refusal.refused(
                                                instance.name()
                                                        + " on "
                                                        + instance.host()
                                                        + " should run and does not answer"
                                                        + (each.why().isEmpty()
                                                                ? ""
                                                                : ": " + each.why()),
                                                "see that it comes up, or stop "
                                                        + instance.name().node()
                                                        + ": it takes the passwords when it is"
                                                        + " started")));
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
