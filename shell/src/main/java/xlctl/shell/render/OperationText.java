package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import xlctl.controller.OperationView;
import xlctl.plan.Step;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;

/** Operations, as lists and in full. */
public final class OperationText {
    private OperationText() {}

    public static List<String> list(List<OperationHeader> operations) {
        if (operations.isEmpty()) {
            return List.of("There are no operations yet.");
        }
        Table table = new Table("N", "STATE", "STARTED", "WHO", "COMMAND");
        for (OperationHeader operation : operations) {
            table.row(
                    Long.toString(operation.number()),
                    state(operation.state()),
                    Times.of(operation.started()),
                    operation.who(),
                    operation.command());
        }
        return table.lines();
    }

    public static List<String> full(OperationView operation) {
        OperationHeader header = operation.header();
        List<String> lines = new ArrayList<>();
        lines.add("Operation " + header.number() + ": " + header.command());
        lines.add("State:    " + state(header.state()) + ", attempt " + header.attempt());
        lines.add("By:       " + header.who() + " from " + header.from());
        lines.add("Started:  " + Times.of(header.started()));
        header.finished().ifPresent(end -> lines.add("Finished: " + Times.of(end)));
        if (!header.result().isEmpty()) {
            lines.add("Result:   " + header.result());
        }
        hint(header).ifPresent(lines::add);
        lines.add("");
        lines.addAll(steps(operation));
        return lines;
    }

    static String state(OperationHeader.State state) {
        return switch (state) {
            case RUNNING -> "running";
            case UNDOING -> "undoing";
            case STUCK -> "stuck";
            case DONE -> "done";
            case UNDONE -> "undone";
            case FAILED -> "failed";
        };
    }

    private static Optional<String> hint(OperationHeader header) {
        String resume = "operation resume " + header.number();
        return switch (header.state()) {
            case RUNNING ->
                    Optional.of(
                            "If nobody works on it: "
                                    + resume
                                    + ", or operation rollback "
                                    + header.number());
            case UNDOING, STUCK -> Optional.of("If nobody works on it: " + resume);
            case DONE, UNDONE, FAILED -> Optional.empty();
        };
    }

    private static List<String> steps(OperationView operation) {
        Table table = new Table("STEP", "STATE", "WHAT");
        for (Step step : operation.plan().steps()) {
            table.row(
                    Integer.toString(step.number() + 1),
                    record(operation, step)
                            .map(found -> found.state().name().toLowerCase(Locale.ROOT))
                            .orElse("pending"),
                    step.title() + PlanText.where(step) + PlanText.mark(operation.plan(), step));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            lines.add(rows.get(row));
            record(operation, operation.plan().steps().get(row - 1))
                    .map(StepRecord::detail)
                    .filter(detail -> !detail.isEmpty())
                    .ifPresent(detail -> lines.addAll(Table.wrapped(detail, "      ")));
        }
        return lines;
    }

    private static Optional<StepRecord> record(OperationView operation, Step step) {
        return operation.steps().stream()
                .filter(found -> found.step() == step.number())
                .findFirst();
    }
}
