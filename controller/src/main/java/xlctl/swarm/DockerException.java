package xlctl.swarm;

import static java.util.Objects.requireNonNull;

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
    private final transient Problem problem;

    public DockerException(Kind kind, Problem problem) {
        super(problem.toString());
        this.kind = requireNonNull(kind, "kind is null");
        this.problem = problem;
    }

    public Kind kind() {
        return kind;
    }

    public Problem problem() {
        return problem;
    }
}
