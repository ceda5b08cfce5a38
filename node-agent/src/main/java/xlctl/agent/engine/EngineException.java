package xlctl.agent.engine;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** Something asked of a server or its programs did not work: why, and what can be done. */
public final class EngineException extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public EngineException(String what, String remedy, Throwable cause) {
        super(what, cause);
        this.problems = List.of(Problem.of(what, remedy));
    }

    public EngineException(List<Problem> problems) {
        super(problems.stream().map(Problem::what).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    public List<Problem> problems() {
        return problems;
    }
}
