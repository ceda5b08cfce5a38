package xlctl.operation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import xlctl.plan.Step;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** Steps that did not end well. Used by one thread. */
final class Failures {
    private final Map<Step, StepResult> results = new LinkedHashMap<>();

    void add(Step step, StepResult result) {
        results.put(step, result);
    }

    void addAll(Failures others) {
        results.putAll(others.results);
    }

    boolean isEmpty() {
        return results.isEmpty();
    }

    int count() {
        return results.size();
    }

    /** As the steps tell them. */
    List<Problem> problems() {
        return results.values().stream().flatMap(each -> each.problems().stream()).toList();
    }

    /** Each problem says of which member it is, where the plan is for several. */
    List<Problem> problemsByStep() {
        List<Problem> problems = new ArrayList<>();
        results.forEach(
                (step, result) ->
                        result.problems()
                                .forEach(
                                        problem ->
                                                problems.add(
                                                        Problem.of(
                                                                step.title()
                                                                        + ": "
                                                                        + problem.what(),
                                                                problem.remedy()))));
        return problems;
    }

    Outcome.End end() {
        if (all(StepResult.Kind.UNREACHABLE)) {
            return Outcome.End.UNREACHABLE;
        }
        return all(StepResult.Kind.REFUSED) ? Outcome.End.REFUSED : Outcome.End.FAILED;
    }

    boolean all(StepResult.Kind kind) {
        return results.values().stream().allMatch(result -> result.kind() == kind);
    }

    /**
     * What to do about an operation that they leave open.
     *
     * @param command that goes on with it
     * @param lost hosts that are given up already
     */
    String remedy(String command, GivenUp lost) {
        Set<HostName> gone = new HashSet<>(lost.hosts());
        results.forEach(
                (step, result) -> {
                    if (result.kind() == StepResult.Kind.UNREACHABLE) {
                        GivenUp.hostsOf(step).forEach(gone::add);
                    }
                });
        String asBefore = command + lost.option();
        return gone.equals(lost.hosts())
                ? asBefore
                : asBefore
                        + "; where a host is gone for good: "
                        + command
                        + new GivenUp(gone).option();
    }
}
