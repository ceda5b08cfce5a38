package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.command.Command;
import xlctl.topology.Problem;

/**
 * What became of one command.
 *
 * @param operation its number, once there was a plan to run
 * @param problems why it is not done; empty when it is
 * @param notices what the operator should know although it is done: hosts that did not acknowledge,
 *     say
 */
public record CommandResult(
        Command command,
        Optional<Long> operation,
        ExitCode exit,
        List<Problem> problems,
        List<String> notices) {
    public CommandResult {
        requireNonNull(command, "command is null");
        requireNonNull(operation, "operation is null");
        requireNonNull(exit, "exit is null");
        problems = List.copyOf(problems);
        notices = List.copyOf(notices);
        if (exit == ExitCode.DONE && !problems.isEmpty()) {
            throw new IllegalArgumentException("done, with problems: " + problems);
        }
    }
}
