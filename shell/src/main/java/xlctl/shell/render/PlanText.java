package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.controller.PlannedCommand;
import xlctl.plan.Plan;
import xlctl.plan.Step;

/** What a command would do, or why it would be refused. */
public final class PlanText {
    private PlanText() {}

    public static List<String> of(PlannedCommand planned) {
        if (planned.plan().isEmpty()) {
            List<String> lines = new ArrayList<>();
            lines.add(planned.command() + ": would be refused");
            lines.addAll(ProblemText.of(planned.problems()));
            return lines;
        }
        return of(planned.plan().get());
    }

    private static List<String> of(Plan plan) {
        List<String> lines = new ArrayList<>();
        lines.add(plan.title() + ":");
        if (plan.steps().isEmpty()) {
            lines.add("  nothing to do");
        }
        int stageNumber = 1;
        for (List<Step> stage : plan.stages()) {
            for (Step step : stage) {
                lines.add(
                        "  " + stageNumber + ". " + step.title() + where(step) + mark(plan, step));
            }
            stageNumber++;
        }
        return lines;
    }

    static String where(Step step) {
        return step.action()
                .where()
                .filter(host -> !step.title().contains(host.value()))
                .map(host -> " on " + host)
                .orElse("");
    }

    static String mark(Plan plan, Step step) {
        boolean commits = plan.commit().isPresent() && plan.commit().getAsInt() == step.number();
        return commits ? " (commit point: only forward after it)" : "";
    }
}
