package xlctl.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.monitor.HostView;
import xlctl.plan.Action;
import xlctl.plan.KeyAction;
import xlctl.plan.LostHost;
import xlctl.plan.Plan;
import xlctl.plan.Step;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Hosts that an open operation is ended without, because the operator says that they are gone for
 * good: what was to be done there counts as done, and what that leaves is told.
 */
record GivenUp(Set<HostName> hosts) {
    static final GivenUp NOBODY = new GivenUp(Set.of());

    /** How long agents have to show that they are not lost. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    GivenUp {
        hosts = Set.copyOf(hosts);
    }

    /** Those whose agents a step asks, forward or back. */
    static Stream<HostName> hostsOf(Step step) {
        return Stream.concat(
                step.action().where().stream(),
                step.undo().stream().flatMap(undo -> undo.where().stream()));
    }

    /**
     * Why they cannot be given up.
     *
     * @param command that would go on with the operation
     */
    List<Problem> objections(Plan plan, Map<HostName, HostView> seen, String command) {
        Set<HostName> asked =
                plan.steps().stream().flatMap(GivenUp::hostsOf).collect(Collectors.toSet());
        List<Problem> problems = new ArrayList<>();
        for (HostName host : new TreeSet<>(hosts)) {
            if (!asked.contains(host)) {
                problems.add(
                        Problem.of(
                                "the operation asks nothing of host " + host,
                                "it is about " + listed(asked, ", ")));
            }
            LostHost.sign(host, Optional.ofNullable(seen.get(host)))
                    .ifPresent(
                            sign ->
                                    problems.add(
                                            Problem.of(
                                                    sign,
                                                    command
                                                            + "; if what was there is lost and its"
                                                            + " agent was set up anew, end that"
                                                            + " first")));
        }
        return problems;
    }

    /** What becomes of an action without its host; empty where it is to be done. */
    Optional<StepResult> instead(String title, Action action) {
        return action.where()
                .filter(hosts::contains)
                .map(
                        host ->
                                StepResult.noticed(
                                        "host " + host + " is lost: " + left(title, action)));
    }

    /** As a command names them, after a blank; nothing where there are none. */
    String option() {
        return hosts.isEmpty() ? "" : " --lost " + listed(hosts, " ");
    }

    private static String listed(Collection<HostName> hosts, String between) {
        return hosts.stream().sorted().map(HostName::value).collect(Collectors.joining(between));
    }

    private static String left(String title, Action action) {
        if (action instanceof Action.TakePasswords) {
            return "it was not told which passwords the others go by now. Take its members out with"
                    + " remove ... --lost; should it come back before that, give rotate passwords"
                    + " again: until then it admits others than they do, and they may turn it away";
        }
        if (action instanceof KeyAction.WithdrawKey withdraw) {
            return KeyReplacement.takeOut(withdraw.withdrawn())
                    + " there, should it come back: the old key still opens it. Leave it while there"
                    + " are homes that have no other";
        }
        if (action instanceof KeyAction.DismissKey) {
            return "the line of the new key may be left in its agent's authorized keys. It lets nobody"
                    + " in once the home that began this has no ssh-key.new any more";
        }
        return "this was left there: " + title;
    }
}
