package xlctl.monitor;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Problem;

/**
 * Reads and writes through coordinators, all at the same time. Lasts as long as the slowest of
 * them, and no longer than the deadline. Thread-safe.
 */
public final class DeepLook {
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final ClusterStore store;
    private final Agents agents;
    private final Duration deadline;

    public DeepLook(ClusterStore store, Agents agents) {
        this(store, agents, DEADLINE);
    }

    DeepLook(ClusterStore store, Agents agents, Duration deadline) {
        this.store = store;
        this.agents = agents;
        this.deadline = deadline;
    }

    /** What each coordinator's agent found, in their order. */
    public List<DeepView> through(List<Instance> coordinators) {
        Map<HostName, Versioned<HostRecord>> hosts = store.hosts();
        List<CompletableFuture<DeepView>> asked =
                coordinators.stream().map(instance -> ask(instance, hosts)).toList();
        return asked.stream().map(CompletableFuture::join).toList();
    }

    private CompletableFuture<DeepView> ask(
            Instance instance, Map<HostName, Versioned<HostRecord>> hosts) {
        HostName host = instance.host();
        if (!hosts.containsKey(host)) {
            Problem unknown = Problem.of("its host " + host + " is not registered", "");
            return CompletableFuture.completedFuture(DeepView.untried(instance.name(), unknown));
        }
        return agents.to(hosts.get(host).value())
                .call(new Request.CheckDeep(instance.name()), progress -> {})
                .orTimeout(deadline.toMillis(), TimeUnit.MILLISECONDS)
                .handle((reply, error) -> DeepView.of(instance, reply, error, deadline));
    }
}
