package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.text.Quoted;
import xlctl.topology.Problem;

/** Problems, each with its remedy below it. */
public final class ProblemText {
    private ProblemText() {}

    public static List<String> of(List<Problem> problems) {
        List<String> lines = new ArrayList<>();
        for (Problem problem : problems) {
            lines.add("  - " + Quoted.line(problem.what()));
            if (!problem.remedy().isEmpty()) {
                lines.add("    to do: " + Quoted.line(problem.remedy()));
            }
        }
        return lines;
    }
}
