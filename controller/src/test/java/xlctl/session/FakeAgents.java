package xlctl.session;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/** Agents in this process: a {@link FakeHost} each, and the faults that a test wants of them. */
public final class FakeAgents implements Agents {
    private final Map<HostName, FakeHost> hosts = new ConcurrentHashMap<>();
    private final Set<HostName> unreachable = ConcurrentHashMap.newKeySet();
    private final Set<HostName> silent = ConcurrentHashMap.newKeySet();
    private final Map<HostName, Queue<Runnable>> frozen = new ConcurrentHashMap<>();
    private final Map<HostName, Problem> strangers = new ConcurrentHashMap<>();
    private final Map<HostName, String> keys = new ConcurrentHashMap<>();
    private final List<Request> requests = Collections.synchronizedList(new ArrayList<>());
    private final IntSupplier topologyVersion;
    private final AtomicReference<Optional<OwnKey>> ownKey =
            new AtomicReference<>(Optional.empty());
    private volatile Consumer<Request> observer = request -> {};
    private volatile EngineKind engine = EngineKind.POSTGRESQL;

    /**
     * @param topologyVersion what a host takes note of when it is asked to converge
     */
    public FakeAgents(IntSupplier topologyVersion) {
        this.topologyVersion = topologyVersion;
    }

    /** The engine of hosts that are made from now on. */
    public void run(EngineKind kind) {
        engine = kind;
    }

    public FakeHost host(String name) {
        return hosts.computeIfAbsent(
                new HostName(name), host -> new FakeHost(host, engine, topologyVersion));
    }

    public List<FakeHost> hosts() {
        return List.copyOf(hosts.values());
    }

    /** The host is gone, with all it had. */
    public void forget(HostName host) {
        hosts.remove(host);
    }

    /** Calls fail until {@link #bringBack}. */
    public void cutOff(String host) {
        unreachable.add(new HostName(host));
    }

    /** Calls are never answered until {@link #bringBack}. */
    public void silence(String host) {
        silent.add(new HostName(host));
    }

    /**
     * As a process that was stopped by a signal: calls are not answered, and what was asked for
     * happens when the host is thawed.
     */
    public void freeze(HostName host) {
        frozen.put(host, new ConcurrentLinkedQueue<>());
    }

    /** The host answers again, first what it was asked for meanwhile. */
    public void thaw(HostName host) {
        thawLate(host).run();
    }

    /**
     * The host answers again. What it was asked for meanwhile it only sees when what is returned is
     * run: it came by another connection.
     */
    public Runnable thawLate(HostName host) {
        Queue<Runnable> late =
                Optional.ofNullable(frozen.remove(host)).orElseGet(ConcurrentLinkedQueue::new);
        return () -> late.forEach(Runnable::run);
    }

    public void bringBack(String host) {
        unreachable.remove(new HostName(host));
        silent.remove(new HostName(host));
    }

    public void offerKey(String host, String key) {
        keys.put(new HostName(host), key);
    }

    /** Sees every request before it is handled, on the caller's thread. */
    public void onRequest(Consumer<Request> seen) {
        observer = seen;
    }

    public List<Request> requests() {
        return List.copyOf(requests);
    }

    public <T extends Request> List<T> requests(Class<T> type) {
        return requests().stream()
                .filter(type::isInstance)
                .map(type::cast)
                .collect(Collectors.toList());
    }

    @Override
    public AgentConnection to(HostRecord host) {
        return new AgentConnection() {
            @Override
            public CompletableFuture<Reply> call(Request request, Consumer<String> progress) {
                return FakeAgents.this.call(host.host(), request);
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public String offeredKey(HostName host, HostPort agent) {
        if (!keys.containsKey(host)) {
            throw unreachable(host);
        }
        return keys.get(host);
    }

    /** Whoever answers for a host says that it is another. */
    public void answersFor(String host, Problem stranger) {
        strangers.put(new HostName(host), stranger);
    }

    @Override
    public Optional<Problem> stranger(HostRecord host) {
        return Optional.ofNullable(strangers.get(host.host()));
    }

    /**
     * The key of all controllers here. From the first time on that somebody asks for it, hosts let
     * in only who has it, or {@link FakeHost#OTHERS}.
     */
    @Override
    public OwnKey ownKey() {
        return ownKey.updateAndGet(present -> present.or(this::makeOwnKey)).orElseThrow();
    }

    /** Whether anybody has asked for the key of controllers. */
    public boolean knowKeys() {
        return ownKey.get().isPresent();
    }

    private Optional<OwnKey> makeOwnKey() {
        try {
            Path file = Files.createTempDirectory("xlctl-own-key").resolve("ssh-key");
            KeyFiles.generate(file, "test");
            OwnKey made = new OwnKey(file);
            for (FakeHost host : hosts()) {
                host.letIn(made.publicHalf());
            }
            return Optional.of(made);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Optional<ControllerKey> offered() {
        try {
            return knowKeys() ? Optional.of(ownKey().publicHalf()) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void tryFreshKey(HostRecord host) {
        ControllerKey fresh;
        try {
            fresh = ownKey().fresh().orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        FakeHost there = hosts.get(host.host());
        if (there == null
                || unreachable.contains(host.host())
                || silent.contains(host.host())
                || frozen.containsKey(host.host())
                || !there.letsIn(Optional.of(fresh))) {
            throw unreachable(host.host());
        }
    }

    @Override
    public void connectAnew() {}

    /** Removes what is on disk of the key of controllers. */
    @Override
    public void close() {
        if (knowKeys()) {
            try (Stream<Path> files = Files.list(ownKey().file().getParent())) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
                Files.delete(ownKey().file().getParent());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private CompletableFuture<Reply> call(HostName host, Request request) {
        requests.add(request);
        observer.accept(request);
        if (silent.contains(host)) {
            return new CompletableFuture<>();
        }
        Queue<Runnable> late = frozen.get(host);
        if (late != null) {
            CompletableFuture<Reply> answer = new CompletableFuture<>();
            late.add(
                    () ->
                            Optional.ofNullable(hosts.get(host))
                                    .ifPresent(there -> answer.complete(there.handle(request))));
            return answer;
        }
        FakeHost there = hosts.get(host);
        if (there == null || unreachable.contains(host) || !there.letsIn(offered())) {
            return CompletableFuture.failedFuture(unreachable(host));
        }
        return CompletableFuture.completedFuture(there.handle(request));
    }

    private static AgentUnreachableException unreachable(HostName host) {
        return new AgentUnreachableException(
                host,
                Problem.of("the agent of host " + host + " is not reached", "start it"),
                null);
    }
}
