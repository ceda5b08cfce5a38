package xlctl.controller;

import java.util.ArrayList;
import java.util.List;
import xlctl.command.Command;
import xlctl.operation.Outcome;
import xlctl.plan.Planned;

/** Gives outcomes and plans the form, and the exit code, that callers see. */
final class Results {
    private Results() {}

    static List<CommandResult> of(List<Command> commands, List<Outcome> outcomes) {
        List<CommandResult> results = new ArrayList<>();
        for (int each = 0; each < commands.size(); each++) {
            Outcome outcome = outcomes.get(each);
            results.add(
                    new CommandResult(
                            commands.get(each),
                            outcome.operation(),
                            exitOf(outcome),
                            outcome.problems(),
                            outcome.notices()));
        }
        return results;
    }

    static OperationResult of(long number, Outcome outcome) {
        return new OperationResult(number, exitOf(outcome), outcome.problems(), outcome.notices());
    }

    static List<PlannedCommand> planned(List<Command> commands, List<Planned> plans) {
        List<PlannedCommand> results = new ArrayList<>();
        for (int each = 0; each < commands.size(); each++) {
            Planned planned = plans.get(each);
            results.add(
                    new PlannedCommand(
                            commands.get(each),
                            planned.plan(),
                            planned.problems(),
                            exitOf(planned)));
        }
        return results;
    }

    private static ExitCode exitOf(Planned planned) {
        if (planned.plan().isPresent()) {
            return ExitCode.DONE;
        }
        return planned.onlyUnreachable() ? ExitCode.UNREACHABLE : ExitCode.REFUSED;
    }

    private static ExitCode exitOf(Outcome outcome) {
        return switch (outcome.end()) {
            case DONE -> ExitCode.DONE;
            case FAILED -> ExitCode.NOT_AS_ASKED;
            case REFUSED -> ExitCode.REFUSED;
            case UNREACHABLE -> ExitCode.UNREACHABLE;
        };
    }
}
