package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import xlctl.topology.Problem;

/**
 * What became of an operation that was resumed or rolled back.
 *
 * @param problems why it is not as asked; empty when it is
 * @param notices what the operator should know although it is
 */
public record OperationResult(
        long number, ExitCode exit, List<Problem> problems, List<String> notices) {
    public OperationResult {
        requireNonNull(exit, "exit is null");
        problems = List.copyOf(problems);
        notices = List.copyOf(notices);
    }
}
