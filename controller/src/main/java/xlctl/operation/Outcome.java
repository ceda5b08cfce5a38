package xlctl.operation;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.topology.Problem;

/**
 * What became of a command or an operation.
 *
 * @param operation its number, once there was one
 * @param problems why it is not done; empty when it is
 * @param notices what the operator should know although it is
 */
public record Outcome(
        Optional<Long> operation, End end, List<Problem> problems, List<String> notices) {
    /** How it ended. */
    public enum End {
        DONE,
        /** It was tried; what it says in the problems did not work. */
        FAILED,
        /** It was not begun, or whoever was asked to do it refused: nothing is changed. */
        REFUSED,
        /** An agent or the store did not answer. */
        UNREACHABLE
    }

    public Outcome {
        requireNonNull(operation, "operation is null");
        requireNonNull(end, "end is null");
        problems = List.copyOf(problems);
        notices = List.copyOf(notices);
    }

    static Outcome refused(List<Problem> problems) {
        return new Outcome(Optional.empty(), End.REFUSED, problems, List.of());
    }

    static Outcome refused(String what, String remedy) {
        return refused(List.of(Problem.of(what, remedy)));
    }
}
