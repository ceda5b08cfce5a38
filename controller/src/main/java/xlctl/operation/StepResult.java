package xlctl.operation;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** What became of one step. */
record StepResult(Kind kind, String detail, List<Problem> problems) {
    /** How it ended. */
    enum Kind {
        DONE,
        /** Done as far as it could be; the operator should read the detail. */
        NOTICED,
        FAILED,
        /** As things are it may not be done; nothing was changed. */
        REFUSED,
        /** An agent, a server or the store was not reached, or did not answer in time. */
        UNREACHABLE,
        /** Given up before it ended, because the operator asked for it. */
        CANCELLED
    }

    static StepResult done(String detail) {
        return new StepResult(Kind.DONE, detail, List.of());
    }

    static StepResult noticed(String detail) {
        return new StepResult(Kind.NOTICED, detail, List.of());
    }

    static StepResult failed(List<Problem> problems) {
        return of(Kind.FAILED, problems);
    }

    static StepResult refused(List<Problem> problems) {
        return of(Kind.REFUSED, problems);
    }

    static StepResult unreachable(Problem problem) {
        return unreachable(List.of(problem));
    }

    static StepResult unreachable(List<Problem> problems) {
        return of(Kind.UNREACHABLE, problems);
    }

    static StepResult cancelled(String what) {
        return of(Kind.CANCELLED, List.of(Problem.of(what, "")));
    }

    private static StepResult of(Kind kind, List<Problem> problems) {
        return new StepResult(
                kind,
                problems.stream().map(Problem::toString).collect(Collectors.joining("; ")),
                problems);
    }

    boolean good() {
        return kind == Kind.DONE || kind == Kind.NOTICED;
    }
}
