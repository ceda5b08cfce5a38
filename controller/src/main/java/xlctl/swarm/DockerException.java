package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** Docker could not be asked, or did not do what it was asked to. */
public final class DockerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Whose fault it is, for the exit code. */
    public enum Kind {
        /** No answer: not installed, not running, not allowed to connect. */
        UNREACHABLE,
        /** A name is taken, something is in use, or is not ours. */
        REFUSED,
        /** Anything else that Docker said. */
        FAILED
    }

    private final Kind kind;
    private final transient List<Problem> problems;

    public DockerException(Kind kind, Problem problem) {
        this(kind, List.of(problem));
    }

    /**
     * @param problems at least one
     */
    public DockerException(Kind kind, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.kind = requireNonNull(kind, "kind is null");
        this.problems = List.copyOf(problems);
    }

    static DockerException refused(String what, String remedy) {
        return new DockerException(Kind.REFUSED, Problem.of(what, remedy));
    }

    static DockerException failed(String what, String remedy) {
        return new DockerException(Kind.FAILED, Problem.of(what, remedy));
    }

    public Kind kind() {
        return kind;
    }

    /** The first, where there is more than one. */
    public Problem problem() {
        return problems.get(0);
    }

    public List<Problem> problems() {
        return problems;
    }
}
