package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import xlctl.plan.Plan;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;

/**
 * An operation, open or finished, as its journal tells.
 *
 * @param steps one for each step of the plan, in its order
 */
public record OperationView(OperationHeader header, Plan plan, List<StepRecord> steps) {
    public OperationView {
        requireNonNull(header, "header is null");
        requireNonNull(plan, "plan is null");
        steps = List.copyOf(steps);
    }

    /** Whether it has a commit point and has not come to it. */
    public boolean canBeUndone() {
        return plan.commit().isPresent()
                && steps.stream()
                        .noneMatch(
                                step ->
                                        step.step() == plan.commit().getAsInt()
                                                && step.state() == StepRecord.State.DONE);
    }
}
