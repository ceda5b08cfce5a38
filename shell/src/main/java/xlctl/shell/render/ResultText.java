package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.controller.CommandResult;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationResult;

/** What became of commands. */
public final class ResultText {
    private ResultText() {}

    /** For standard output when it is done, for standard error when it is not. */
    public static List<String> of(CommandResult result) {
        List<String> lines = new ArrayList<>();
        lines.add(result.command() + ": " + outcome(result.exit()) + operation(result.operation()));
        lines.addAll(ProblemText.of(result.problems()));
        return lines;
    }

    public static List<String> of(OperationResult result) {
        List<String> lines = new ArrayList<>();
        lines.add("operation " + result.number() + ": " + outcome(result.exit()));
        lines.addAll(ProblemText.of(result.problems()));
        return lines;
    }

    private static String outcome(ExitCode exit) {
        return switch (exit) {
            case DONE -> "done";
            case NOT_AS_ASKED -> "failed";
            case MALFORMED -> "malformed";
            case UNREACHABLE -> "unreachable";
            case REFUSED -> "refused";
        };
    }

    private static String operation(Optional<Long> number) {
        return number.map(found -> " (operation " + found + ")").orElse("");
    }
}
