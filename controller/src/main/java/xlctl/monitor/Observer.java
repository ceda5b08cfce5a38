package xlctl.monitor;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.Topology;

/**
 * Looks at the cluster. All agents are asked at the same time; when one fails, or is silent for
 * half of the deadline, the servers of its host are asked themselves. A look lasts as long as the
 * slowest of them, and no longer than the deadline. Thread-safe.
 */
public final class Observer implements AutoCloseable {
    private static final int PROBES_AT_ONCE = 256;

    private final ClusterStore store;
    private final Agents agents;
    private final ServerProbe probe;
    private final Duration deadline;
    private final ExecutorService probes;

    public Observer(ClusterStore store, Agents agents, Duration deadline) {
        this(store, agents, deadline, new JdbcServerProbe());
    }

    Observer(ClusterStore store, Agents agents, Duration deadline, ServerProbe probe) {
        this.store = store;
        this.agents = agents;
        this.deadline = deadline;
        this.probe = probe;
        AtomicInteger number = new AtomicInteger();
        this.probes =
                new ThreadPoolExecutor(
                        0,
                        PROBES_AT_ONCE,
                        10,
                        TimeUnit.SECONDS,
                        new SynchronousQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(task, "server-probe-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        },
                        new ThreadPoolExecutor.AbortPolicy());
    }

    public ClusterView look() {
        Map<HostName, Versioned<HostRecord>> records = store.hosts();
        Map<HostName, CompletableFuture<Reply>> inspections = inspect(records, records.keySet());
        Optional<Versioned<Topology>> topology = store.topology();
        Optional<Secret> password =
                store.secrets().map(Versioned::value).map(ClusterSecrets::monitor);
        Map<HostName, CompletableFuture<Seen>> seen = new HashMap<>();
        inspections.forEach(
                (host, inspection) ->
                        seen.put(
                                host,
                                seen(host, inspection, instancesOn(host, topology), password)));
        Map<HostName, Presence> presence = values(store.presence());
        Map<NodeName, NodeState> states = values(store.nodeStates());
        SortedMap<Long, Versioned<OperationHeader>> operations = store.operations();
        var lock = store.lock().map(Versioned::value);

        Map<InstanceName, ServerAnswer> servers = new HashMap<>();
        Map<HostName, HostView> hosts = new TreeMap<>();
        for (HostName host : namesOf(records, presence)) {
            Optional<Seen> result =
                    Optional.ofNullable(seen.get(host)).map(CompletableFuture::join);
            result.ifPresent(each -> servers.putAll(each.servers()));
            hosts.put(
                    host,
                    new HostView(
                            host,
                            Optional.ofNullable(records.get(host)).map(Versioned::value),
                            Optional.ofNullable(presence.get(host)),
                            result.flatMap(Seen::report),
                            result.flatMap(Seen::unreachable)));
        }
        return new ClusterView(
                store.cluster(),
                topology,
                topology.map(present -> new Members(present, states, hosts, servers).all())
                        .orElse(List.of()),
                List.copyOf(hosts.values()),
                lock,
                operations.values().stream()
                        .map(Versioned::value)
                        .filter(operation -> operation.state().open())
                        .collect(Collectors.toUnmodifiableList()));
    }

    /** Every host that is registered or offers itself, by name; all registered ones are asked. */
    public List<HostView> hosts() {
        Map<HostName, Versioned<HostRecord>> records = store.hosts();
        return List.copyOf(hosts(records.keySet(), deadline).values());
    }

    /** As {@link #hosts()}; only those named are asked, the others are as the store knows them. */
    public Map<HostName, HostView> hosts(Set<HostName> asked, Duration patience) {
        Map<HostName, Versioned<HostRecord>> records = store.hosts();
        Map<HostName, CompletableFuture<Reply>> inspections = inspect(records, asked);
        Map<HostName, CompletableFuture<Seen>> seen = new HashMap<>();
        inspections.forEach(
                (host, inspection) ->
                        seen.put(
                                host,
                                inspection
                                        .copy()
                                        .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                                        .handle(
                                                (reply, error) ->
                                                        seen(host, reply, error, patience))));
        Map<HostName, Presence> presence = values(store.presence());
        Map<HostName, HostView> hosts = new TreeMap<>();
        for (HostName host : namesOf(records, presence)) {
            Optional<Seen> result =
                    Optional.ofNullable(seen.get(host)).map(CompletableFuture::join);
            hosts.put(
                    host,
                    new HostView(
                            host,
                            Optional.ofNullable(records.get(host)).map(Versioned::value),
                            Optional.ofNullable(presence.get(host)),
                            result.flatMap(Seen::report),
                            result.flatMap(Seen::unreachable)));
        }
        return hosts;
    }

    /** Stops asking servers. The store and the agents belong to someone else. */
    @Override
    public void close() {
        probes.shutdownNow();
    }

    private Map<HostName, CompletableFuture<Reply>> inspect(
            Map<HostName, Versioned<HostRecord>> records, Set<HostName> asked) {
        Map<HostName, CompletableFuture<Reply>> inspections = new HashMap<>();
        records.forEach(
                (host, record) -> {
                    if (asked.contains(host)) {
                        inspections.put(
                                host,
                                agents.to(record.value())
                                        .call(new Request.Inspect(), progress -> {}));
                    }
                });
        return inspections;
    }

    /**
     * What is known of a host once its agent, or its servers, or nobody until the deadline, spoke.
     */
    private CompletableFuture<Seen> seen(
            HostName host,
            CompletableFuture<Reply> inspection,
            List<Instance> instances,
            Optional<Secret> password) {
        Duration half = deadline.dividedBy(2);
        CompletableFuture<Seen> result = new CompletableFuture<>();
        inspection.whenComplete(
                (reply, error) -> {
                    if (reply instanceof Reply.HostReport) {
                        result.complete(seen(host, reply, error, deadline));
                    }
                });
        inspection
                .copy()
                .orTimeout(half.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete(
                        (reply, error) -> {
                            if (!(reply instanceof Reply.HostReport)) {
                                Seen silent = seen(host, reply, error, half);
                                ask(instances, password, half)
                                        .thenAccept(
                                                servers -> result.complete(silent.with(servers)));
                            }
                        });
        return result.completeOnTimeout(
                new Seen(Optional.empty(), Optional.of(silence(host, deadline)), Map.of()),
                deadline.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private static Seen seen(HostName host, Reply reply, Throwable error, Duration waited) {
        if (reply instanceof Reply.HostReport report) {
            return new Seen(Optional.of(report), Optional.empty(), Map.of());
        }
        Problem problem;
        if (reply instanceof Reply.Failed failed) {
            problem = failed.problems().get(0);
        } else if (rootOf(error) instanceof AgentUnreachableException unreachable) {
            problem = unreachable.problem();
        } else {
            problem = silence(host, waited);
        }
        return new Seen(Optional.empty(), Optional.of(problem), Map.of());
    }

    private static Problem silence(HostName host, Duration waited) {
        return Problem.of(
                "the agent of host " + host + " did not answer within " + seconds(waited),
                "see whether the host and its agent run");
    }

    private static String seconds(Duration waited) {
        return waited.toMillis() % 1000 == 0
                ? waited.toSeconds() + " s"
                : waited.toMillis() + " ms";
    }

    private static Throwable rootOf(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null
                ? error.getCause()
                : error;
    }

    private CompletableFuture<Map<InstanceName, ServerAnswer>> ask(
            List<Instance> instances, Optional<Secret> password, Duration limit) {
        Map<InstanceName, CompletableFuture<ServerAnswer>> asked = new HashMap<>();
        password.ifPresent(
                secret ->
                        instances.forEach(
                                instance ->
                                        asked.put(instance.name(), ask(instance, secret, limit))));
        return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        ended -> {
                            Map<InstanceName, ServerAnswer> answers = new HashMap<>();
                            asked.forEach((name, answer) -> answers.put(name, answer.join()));
                            return answers;
                        });
    }

    private CompletableFuture<ServerAnswer> ask(
            Instance instance, Secret password, Duration limit) {
        try {
            return CompletableFuture.supplyAsync(
                            () -> probe.ask(instance.address(), password, limit), probes)
                    .exceptionally(error -> ServerAnswer.silent(rootOf(error).toString()));
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(
                    ServerAnswer.silent("too many servers are being asked at once"));
        }
    }

    private static List<Instance> instancesOn(
            HostName host, Optional<Versioned<Topology>> topology) {
        return topology.map(present -> present.value().instancesOn(host)).orElse(List.of());
    }

    private static Set<HostName> namesOf(
            Map<HostName, Versioned<HostRecord>> records, Map<HostName, Presence> presence) {
        return Stream.concat(records.keySet().stream(), presence.keySet().stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static <K, V> Map<K, V> values(Map<K, Versioned<V>> versioned) {
        Map<K, V> values = new HashMap<>();
        versioned.forEach((key, value) -> values.put(key, value.value()));
        return values;
    }

    /** What was found out about a host. */
    private record Seen(
            Optional<Reply.HostReport> report,
            Optional<Problem> unreachable,
            Map<InstanceName, ServerAnswer> servers) {
        Seen with(Map<InstanceName, ServerAnswer> answers) {
            return new Seen(report, unreachable, answers);
        }
    }
}
