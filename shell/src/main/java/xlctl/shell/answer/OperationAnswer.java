package xlctl.shell.answer;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.controller.OperationView;
import xlctl.store.StepRecord;
import xlctl.topology.HostName;
import xlctl.topology.NodeName;

/**
 * {@code operation show}.
 *
 * @param next what to do about it while it is open; empty when it is not
 */
public record OperationAnswer(
        OperationsAnswer.Operation operation, Optional<String> next, List<Step> steps)
        implements Answer {
    /**
     * A step of its plan.
     *
     * @param number counts from 1
     * @param commits whether it is the commit point
     * @param detail what it found, did or failed with
     */
    public record Step(
            int number,
            String state,
            String title,
            Optional<String> node,
            Optional<String> host,
            boolean commits,
            Optional<Instant> started,
            Optional<Instant> finished,
            String detail) {}

    public OperationAnswer {
        steps = List.copyOf(steps);
    }

    public static OperationAnswer of(OperationView view) {
        return new OperationAnswer(
                OperationsAnswer.Operation.of(view.header()),
                next(view),
                view.plan().steps().stream().map(step -> step(view, step)).toList());
    }

    @Override
    public String kind() {
        return "operation";
    }

    @Override
    public Rows rows() {
        return new Rows(Step.class, steps);
    }

    private static Optional<String> next(OperationView view) {
        long number = view.header().number();
        String resume = "operation resume " + number;
        return switch (view.header().state()) {
            case RUNNING ->
                    Optional.of(
                            view.canBeUndone()
                                    ? resume + ", or operation rollback " + number
                                    : resume);
            case UNDOING, STUCK -> Optional.of(resume);
            case DONE, UNDONE, FAILED -> Optional.empty();
        };
    }

    private static Step step(OperationView view, xlctl.plan.Step step) {
        StepRecord record =
                view.steps().stream()
                        .filter(found -> found.step() == step.number())
                        .findFirst()
                        .orElseGet(() -> StepRecord.pending(step.number()));
        return new Step(
                step.number() + 1,
                record.state().name().toLowerCase(Locale.ROOT),
                step.title(),
                step.node().map(NodeName::value),
                step.action().where().map(HostName::value),
                view.plan().commit().equals(OptionalInt.of(step.number())),
                record.started(),
                record.finished(),
                record.detail());
    }
}
