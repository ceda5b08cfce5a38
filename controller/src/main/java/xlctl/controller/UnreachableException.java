package xlctl.controller;

import java.util.List;
import xlctl.topology.Problem;

/** Something asked for, other than a command, for which a server that is needed does not answer. */
public final class UnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    public UnreachableException(Problem problem) {
        super(problem.toString());
        this.problem = problem;
    }

    public List<Problem> problems() {
        return List.of(problem);
    }
}
