package xlctl.monitor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/**
 * Looks at the cluster. All agents are asked at the same time; when one fails, or is silent for
 * half of the deadline, the servers of its host are asked themselves. A look lasts as long as the
 * slowest of them, and no longer than the deadline. Thread-safe.
 */
public final class Observer implements AutoCloseable {
    private static final int PROBES_AT_ONCE = 256;

    private record Server(Instance instance, boolean speaksSql) {}

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
        Optional<MonitorLogin> login = store.secrets().map(Versioned::value).map(MonitorLogin::of);
        Map<HostName, CompletableFuture<Seen>> seen = new HashMap<>();
        inspections.forEach(
                (host, inspection) ->
                        seen.put(host, seen(host, inspection, serversOn(host, topology), login)));
        Map<HostName, Presence> presence = values(store.presence());
        Map<NodeName, NodeState> states = values(store.nodeStates());
        SortedMap<Long, Versioned<OperationHeader>> operations = store.operations();
        var lock = store.lock().map(Versioned::value);

        Map<HostName, HostView> hosts = views(records, presence, seen);
        Map<InstanceName, ServerAnswer> servers = new HashMap<>();
        seen.values().forEach(host -> servers.putAll(host.join().servers()));
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
                                                        Seen.of(host, reply, error, patience))));
        return views(records, values(store.presence()), seen);
    }

    /** Stops asking servers. The store and the agents belong to someone else. */
    @Override
    public void close() {
        probes.shutdownNow();
    }

    /** Waits for those that were asked. */
    private static Map<HostName, HostView> views(
            Map<HostName, Versioned<HostRecord>> records,
            Map<HostName, Presence> presence,
            Map<HostName, CompletableFuture<Seen>> seen) {
        Map<HostName, HostView> hosts = new TreeMap<>();
        for (HostName host : namesOf(records, presence)) {
            Optional<Seen> found = Optional.ofNullable(seen.get(host)).map(CompletableFuture::join);
            hosts.put(
                    host,
                    new HostView(
                            host,
                            Optional.ofNullable(records.get(host)).map(Versioned::value),
                            Optional.ofNullable(presence.get(host)),
                            found.flatMap(Seen::report),
                            found.flatMap(Seen::unreachable)));
        }
        return hosts;
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
            List<Server> servers,
            Optional<MonitorLogin> login) {
        Duration half = deadline.dividedBy(2);
        // Of what is left some is for what they said.
        Duration perServer = deadline.multipliedBy(2).dividedBy(5);
        return inspection
                .copy()
                .orTimeout(half.toMillis(), TimeUnit.MILLISECONDS)
                .handle((reply, error) -> Seen.of(host, reply, error, half))
                .thenCompose(
                        first ->
                                first.report().isPresent()
                                        ? CompletableFuture.completedFuture(first)
                                        : ask(servers, login, perServer)
                                                .thenApply(first::with)
                                                .applyToEither(
                                                        late(host, inspection), seen -> seen))
                .completeOnTimeout(
                        Seen.nobody(host, deadline).with(unasked(servers)),
                        deadline.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private static Map<InstanceName, ServerAnswer> unasked(List<Server> servers) {
        return servers.stream()
                .filter(server -> !server.speaksSql())
                .collect(
                        Collectors.toUnmodifiableMap(
                                server -> server.instance().name(),
                                server -> ServerAnswer.UNASKED));
    }

    /** Ends when the agent has reported after all, else never. */
    private CompletableFuture<Seen> late(HostName host, CompletableFuture<Reply> inspection) {
        CompletableFuture<Seen> never = new CompletableFuture<>();
        return inspection
                .thenCompose(
                        reply ->
                                reply instanceof Reply.HostReport
                                        ? CompletableFuture.completedFuture(
                                                Seen.of(host, reply, null, deadline))
                                        : never)
                .exceptionallyCompose(error -> never);
    }

    private CompletableFuture<Map<InstanceName, ServerAnswer>> ask(
            List<Server> servers, Optional<MonitorLogin> login, Duration limit) {
        Map<InstanceName, CompletableFuture<ServerAnswer>> asked = new HashMap<>();
        login.ifPresent(
                as ->
                        servers.stream()
                                .filter(Server::speaksSql)
                                .map(Server::instance)
                                .forEach(
                                        server ->
                                                asked.put(server.name(), ask(server, as, limit))));
        return CompletableFuture.allOf(asked.values().toArray(new CompletableFuture<?>[0]))
                .thenApply(
                        ended -> {
                            Map<InstanceName, ServerAnswer> answers =
                                    new HashMap<>(unasked(servers));
                            asked.forEach((name, answer) -> answers.put(name, answer.join()));
                            return answers;
                        });
    }

    private CompletableFuture<ServerAnswer> ask(
            Instance instance, MonitorLogin as, Duration limit) {
        try {
            return CompletableFuture.supplyAsync(
                            () -> probe.ask(instance.address(), as, limit), probes)
                    .exceptionally(error -> ServerAnswer.silent(error.toString()))
                    .completeOnTimeout(
                            ServerAnswer.silent("no answer within " + limit.toMillis() + " ms"),
                            limit.toMillis(),
                            TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            return CompletableFuture.completedFuture(
                    ServerAnswer.silent("too many servers are being asked at once"));
        }
    }

    private static List<Server> serversOn(HostName host, Optional<Versioned<Topology>> topology) {
        List<Server> servers = new ArrayList<>();
        topology.map(Versioned::value)
                .ifPresent(
                        found ->
                                found.nodes()
                                        .forEach(
                                                node ->
                                                        servers.addAll(
                                                                servers(found, node, host))));
        return servers;
    }

    /** PostgreSQL's GTM is a server like the others; those of the other engines are none. */
    private static List<Server> servers(Topology topology, Node node, HostName host) {
        boolean speaksSql = topology.engine() == EngineKind.POSTGRESQL || node.kind().inCatalog();
        return node.instances().stream()
                .filter(instance -> instance.host().equals(host))
                .map(instance -> new Server(instance, speaksSql))
                .toList();
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
}
