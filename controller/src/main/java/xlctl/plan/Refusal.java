package xlctl.plan;

import static java.util.Objects.requireNonNull;

import xlctl.topology.Problem;

/** One reason why a command cannot be done. */
public record Refusal(Problem problem, Kind kind) {
    /** What sort of reason it is: it decides the exit code. */
    public enum Kind {
        /** The cluster, as it is, does not allow it. */
        REFUSED,
        /** Something that is needed, or must be asked first, does not answer. */
        UNREACHABLE
    }

    public Refusal {
        requireNonNull(problem, "problem is null");
        requireNonNull(kind, "kind is null");
    }

    static Refusal refused(String what, String remedy) {
        return new Refusal(Problem.of(what, remedy), Kind.REFUSED);
    }

    static Refusal unreachable(Problem problem) {
        return new Refusal(problem, Kind.UNREACHABLE);
    }
}
