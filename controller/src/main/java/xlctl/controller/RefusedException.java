package xlctl.controller;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** Something asked for, other than a command, that may not be done; nothing was changed. */
public final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public RefusedException(Problem... problems) {
        super(List.of(problems).stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.of(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
