package xlctl.monitor;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;

/**
 * Has all hosts try to reach each other and the servers, at the same time. Lasts as long as the
 * slowest agent, and no longer than the deadline. Thread-safe.
 */
public final class ReachLook {
    /** Of an agent with each that it tries: it answers after little more than twice that. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final Duration DEADLINE = Duration.ofSeconds(4);

    private final ClusterStore store;
    private final Agents agents;
    private final Duration deadline;

    public ReachLook(ClusterStore store, Agents agents) {
        this(store, agents, DEADLINE);
    }

    ReachLook(ClusterStore store, Agents agents, Duration deadline) {
        this.store = store;
        this.agents = agents;
        this.deadline = deadline;
    }

    public HostMatrix matrix() {
        List<HostRecord> hosts = store.hosts().values().stream().map(Versioned::value).toList();
        Aims aims = new Aims(hosts, store.topology().map(Versioned::value));
        Map<HostName, CompletableFuture<Aims.Said>> asked = new HashMap<>();
        for (HostRecord host : hosts) {
            Request reach = new Request.Reach(aims.of(host.host()), PATIENCE);
            asked.put(
                    host.host(),
                    call(host, reach).handle((reply, error) -> said(host.host(), reply, error)));
        }
        List<CompletableFuture<Set<InstanceName>>> stopped =
                hosts.stream()
                        .map(
                                host ->
                                        call(host, new Request.Inspect())
                                                .handle((reply, error) -> stopped(reply)))
                        .toList();
        Map<HostName, Aims.Said> said = new HashMap<>();
        asked.forEach((host, answer) -> said.put(host, answer.join()));
        Set<InstanceName> onPurpose = new HashSet<>();
        stopped.forEach(answer -> onPurpose.addAll(answer.join()));
        return aims.matrix(said, onPurpose);
    }

    private CompletableFuture<Reply> call(HostRecord host, Request request) {
        return agents.to(host)
                .call(request, progress -> {})
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS);
    }

    /**
     * @param reply null when it failed or took too long
     * @param error null when it did not fail
     */
    private Aims.Said said(HostName host, Reply reply, Throwable error) {
        if (reply instanceof Reply.Reached reached) {
            return new Aims.Said(reached.attempts(), Optional.empty());
        }
        return Aims.Said.nothing(
                Seen.of(host, reply, error, deadline)
                        .unreachable()
                        .orElseGet(() -> Seen.silence(host, deadline)));
    }

    /**
     * @param reply null where the host told nothing
     */
    private static Set<InstanceName> stopped(Reply reply) {
        return reply instanceof Reply.HostReport report
                ? report.instances().stream()
                        .filter(ReachLook::needNotRun)
                        .map(InstanceReport::instance)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private static boolean needNotRun(InstanceReport instance) {
        return instance.state() == InstanceReport.State.STOPPED
                || instance.state() == InstanceReport.State.PREPARED;
    }
}
