package xlctl.agent;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** Why an agent cannot start, and with which exit code it ends. */
final class StartRefusedException extends Exception {
    static final int MALFORMED = 2;
    static final int UNREACHABLE = 3;
    static final int REFUSED = 4;

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    StartRefusedException(int exitCode, List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.exitCode = exitCode;
    }

    StartRefusedException(int exitCode, Problem problem) {
        this(exitCode, List.of(problem));
    }

    int exitCode() {
        return exitCode;
    }
}
