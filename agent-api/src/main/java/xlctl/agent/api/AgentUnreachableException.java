package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** An agent could not be reached, or its connection ended before it answered. */
public final class AgentUnreachableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final HostName host;
    private final transient Problem problem;

    public AgentUnreachableException(HostName host, Problem problem, Throwable cause) {
        super(requireNonNull(problem, "problem is null").toString(), cause);
        this.host = requireNonNull(host, "host is null");
        this.problem = problem;
    }

    public HostName host() {
        return host;
    }

    public Problem problem() {
        return problem;
    }
}
