package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.text.Quoted;
import xlctl.topology.Problem;

/** Problems, each with its remedy below it. */
public final class ProblemText {
    private static final String BULLET = "  - ";
    private static final String INDENT = "    ";
    private static final String TO_DO = "to do: ";

    private ProblemText() {}

    public static List<String> of(List<Problem> problems) {
        List<String> lines = new ArrayList<>();
        for (Problem problem : problems) {
            lines.add(BULLET + Quoted.line(problem.what()));
            if (!problem.remedy().isEmpty()) {
                lines.add(INDENT + TO_DO + Quoted.line(problem.remedy()));
            }
        }
        return lines;
    }

    /** As {@link #of(List)}, broken at blanks to fit on a screen. */
    static List<String> of(List<Problem> problems, int width) {
        List<String> lines = new ArrayList<>();
        for (Problem problem : problems) {
            List<String> what = Table.wrapped(Quoted.line(problem.what()), INDENT, width);
            lines.add(BULLET + what.get(0).substring(INDENT.length()));
            lines.addAll(what.subList(1, what.size()));
            if (!problem.remedy().isEmpty()) {
                String remedy = TO_DO + Quoted.line(problem.remedy());
                lines.addAll(Table.wrapped(remedy, INDENT, width));
            }
        }
        return lines;
    }
}
