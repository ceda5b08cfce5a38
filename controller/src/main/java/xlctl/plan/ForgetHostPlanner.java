package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.topology.Node;

/**
 * Takes a host off the list of those that are registered, which nobody needs any more: no member is
 * there, and no agent that would go on offering it.
 */
final class ForgetHostPlanner {
    private final Command.ForgetHost command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    ForgetHostPlanner(Command.ForgetHost command, Observation seen) {
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        Optional<HostView> view = seen.host(command.host());
        Optional<HostRecord> record = view.flatMap(HostView::record);
        if (record.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "host " + command.host() + " is not registered",
                            "see which are: host list"));
            return Planned.refused(refusals);
        }
        requireWithoutMembers();
        LostHost.life(view)
                .ifPresent(
                        life ->
                                refusals.add(
                                        Refusal.refused(
                                                "host " + command.host() + " is there: " + life,
                                                "end its agent first, which would offer it anew")));
        return refusals.isEmpty() ? Planned.ready(plan(record.get())) : Planned.refused(refusals);
    }

    private void requireWithoutMembers() {
        List<Node> members =
                seen.topology().nodes().stream()
                        .filter(
                                node ->
                                        node.instances().stream()
                                                .anyMatch(
                                                        instance ->
                                                                instance.host()
                                                                        .equals(command.host())))
                        .toList();
        if (!members.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "host "
                                    + command.host()
                                    + " has members: "
                                    + String.join(", ", Names.of(members)),
                            "remove them first, with --lost where the host is gone for good"));
        }
    }

    private Plan plan(HostRecord record) {
        PlanBuilder plan = new PlanBuilder(command.toString());
        plan.step(
                "forget that " + record.host() + " is registered",
                Optional.empty(),
                new Action.UnregisterHost(record.host(), Optional.of(record.since())));
        return plan.build();
    }
}
