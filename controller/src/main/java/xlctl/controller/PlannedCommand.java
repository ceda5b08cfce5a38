package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.command.Command;
import xlctl.plan.Plan;
import xlctl.topology.Problem;

/**
 * What a command would do.
 *
 * @param plan empty when it would be refused
 * @param problems every reason why it would be; empty with a plan
 * @param exit what the refusal would exit with; {@code DONE} with a plan
 */
public record PlannedCommand(
        Command command, Optional<Plan> plan, List<Problem> problems, ExitCode exit) {
    public PlannedCommand {
        requireNonNull(command, "command is null");
        requireNonNull(plan, "plan is null");
        problems = List.copyOf(problems);
        requireNonNull(exit, "exit is null");
    }
}
