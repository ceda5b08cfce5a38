package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.shell.answer.PlansAnswer;

/** What commands would do, or why they would be refused. */
final class PlanText {
    private PlanText() {}

    static List<String> of(PlansAnswer answer) {
        return answer.plans().stream().flatMap(plan -> of(plan).stream()).toList();
    }

    private static List<String> of(PlansAnswer.Plan plan) {
        List<String> lines = new ArrayList<>();
        if (plan.refused()) {
            lines.add(plan.command() + ": would be refused");
            lines.addAll(ProblemText.of(plan.problems()));
            return lines;
        }
        lines.add(plan.command() + ":");
        if (plan.steps().isEmpty()) {
            lines.add("  nothing to do");
        }
        for (PlansAnswer.PlannedStep step : plan.steps()) {
            lines.add("  " + step.stage() + ". " + step(step.title(), step.host(), step.commits()));
        }
        return lines;
    }

    static String step(String title, Optional<String> host, boolean commits) {
        return title
                + host.filter(name -> !title.contains(name)).map(name -> " on " + name).orElse("")
                + (commits ? " (commit point: only forward after it)" : "");
    }
}
