package xlctl.shell.render;

import static java.time.temporal.ChronoUnit.MILLIS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;

/** Operations, as lists and in full. */
final class OperationText {
    private OperationText() {}

    static List<String> list(OperationsAnswer answer) {
        if (answer.operations().isEmpty()) {
            return List.of("There are no operations yet.");
        }
        Table table = new Table("N", "STATE", "STARTED", "WHO", "COMMAND");
        for (OperationsAnswer.Operation operation : answer.operations()) {
            table.row(
                    Long.toString(operation.number()),
                    operation.state(),
                    Times.of(operation.started()),
                    operation.who(),
                    operation.command());
        }
        return table.lines();
    }

    static List<String> full(OperationAnswer answer) {
        OperationsAnswer.Operation operation = answer.operation();
        List<String> lines = new ArrayList<>();
        lines.add("Operation " + operation.number() + ": " + operation.command());
        lines.add("State:    " + operation.state() + ", attempt " + operation.attempt());
        lines.add("By:       " + operation.who() + " from " + operation.from());
        lines.add("Started:  " + Times.of(operation.started()));
        operation.finished().ifPresent(end -> lines.add("Finished: " + Times.of(end)));
        if (!operation.result().isEmpty()) {
            lines.add("Result:   " + operation.result());
        }
        answer.next().ifPresent(next -> lines.add("If nobody works on it: " + next));
        lines.add("");
        lines.addAll(steps(answer.steps()));
        return lines;
    }

    private static List<String> steps(List<OperationAnswer.Step> steps) {
        Table table = new Table("STEP", "STATE", "TOOK", "WHAT");
        for (OperationAnswer.Step step : steps) {
            table.row(
                    Integer.toString(step.number()),
                    step.state(),
                    took(step),
                    PlanText.step(step.title(), step.host(), step.commits()));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            lines.add(rows.get(row));
            String detail = steps.get(row - 1).detail();
            if (!detail.isEmpty()) {
                lines.addAll(Table.wrapped(detail, "      "));
            }
        }
        return lines;
    }

    /**
     * Empty for one that is not done, as another's end may be that of undoing it; and where the
     * clock was set back meanwhile.
     */
    private static String took(OperationAnswer.Step step) {
        if (!step.state().equals("done")) {
            return "";
        }
        return step.started()
                .flatMap(started -> step.finished().map(end -> started.until(end, MILLIS)))
                .filter(millis -> millis >= 0)
                .map(Duration::ofMillis)
                .map(Times::took)
                .orElse("");
    }
}
