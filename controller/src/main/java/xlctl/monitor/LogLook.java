package xlctl.monitor;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** Fetches the ends of all hosts' logs, at the same time. Thread-safe. */
public final class LogLook {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterStore store;
    private final Agents agents;

    public LogLook(ClusterStore store, Agents agents) {
        this.store = store;
        this.agents = agents;
    }

    /**
     * @param bytes at most of each log
     */
    public List<HostLogs> ofAllHosts(int bytes) {
        List<CompletableFuture<HostLogs>> asked =
                store.hosts().values().stream()
                        .map(Versioned::value)
                        .map(host -> ask(host, bytes))
                        .toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<HostLogs> ask(HostRecord host, int bytes) {
        return agents.to(host)
                .call(new Request.ReadLogs(bytes), progress -> {})
                .orTimeout(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((reply, error) -> logs(host.host(), reply, error));
    }

    /**
     * @param reply null when it failed or took too long
     * @param error null when it did not fail
     */
    private static HostLogs logs(HostName host, Reply reply, Throwable error) {
        if (reply instanceof Reply.Logs logs) {
            return new HostLogs(host, logs.logs(), logs.missing());
        }
        if (reply instanceof Reply.Failed failed) {
            return without(host, failed.problems().get(0));
        }
        Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        return without(
                host,
                cause instanceof AgentUnreachableException unreachable
                        ? unreachable.problem()
                        : Seen.silence(host, DEADLINE));
    }

    private static HostLogs without(HostName host, Problem why) {
        return new HostLogs(host, List.of(), List.of("its logs: " + why.what()));
    }
}
