package xlctl.monitor;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;

/**
 * What was found out about a host: its agent's report, or why there is none and what its servers
 * say.
 */
record Seen(
        Optional<Reply.HostReport> report,
        Optional<Problem> unreachable,
        Map<InstanceName, ServerAnswer> servers) {

    /**
     * How an inspection ended.
     *
     * @param reply null when it failed or took too long
     * @param error null when it did not fail
     */
    static Seen of(HostName host, Reply reply, Throwable error, Duration waited) {
        if (reply instanceof Reply.HostReport report) {
            return new Seen(Optional.of(report), Optional.empty(), Map.of());
        }
        if (reply instanceof Reply.Failed failed) {
            return unreachable(failed.problems().get(0));
        }
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return cause instanceof AgentUnreachableException unreachable
                ? unreachable(unreachable.problem())
                : nobody(host, waited);
    }

    static Seen nobody(HostName host, Duration waited) {
        return unreachable(silence(host, waited));
    }

    /** That an agent let the time go by. */
    static Problem silence(HostName host, Duration waited) {
        String time =
                waited.toMillis() % 1000 == 0
                        ? waited.toSeconds() + " s"
                        : waited.toMillis() + " ms";
        return Problem.of(
                "the agent of host " + host + " did not answer within " + time,
                "see whether the host and its agent run");
    }

    Seen with(Map<InstanceName, ServerAnswer> answers) {
        return new Seen(report, unreachable, answers);
    }

    private static Seen unreachable(Problem problem) {
        return new Seen(Optional.empty(), Optional.of(problem), Map.of());
    }
}
