package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Reply;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.api.StopMode;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.engine.Engine;
import xlctl.agent.engine.EngineException;
import xlctl.agent.tls.HostCertificates;
import xlctl.agent.tls.TlsFiles;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.IdentityFile;
import xlctl.store.Presence;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;

/**
 * Everything an agent does on its host: its instances, their servers, their catalogs, and what is
 * published of them. Works without a store, as far as it may; connects to it in the background.
 *
 * <p>Made, then {@link #start}ed, then {@link #close}d. Servers outlive it unless the configuration
 * says that they stop with the agent.
 */
public final class AgentHost implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(AgentHost.class);

    /** Before whoever looks at the cluster asks the servers itself and gives up. */
    private static final Duration REPORT_DEADLINE = Duration.ofMillis(1500);

    /** With what comes before and after it less than the minute that a container is given. */
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(40);

    private static final Duration STOP_AT_ONCE_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration WORKERS_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ENGINE_REPORT_AGE = Duration.ofSeconds(30);

    private final AgentConfig config;
    private final String agentVersion;
    private final String hostKey;
    private final Engine engine;
    private final HostCertificates certificates;
    private final Instances instances;
    private final StoreLink store;
    private final ExecutorService workers;
    private final Convergence convergence;
    private final Supervisor supervisor;
    private final Removals removals;
    private final EndlessLogs logs;
    private final DdlCompletion leftoverDdl;
    private final Announcer announcer;
    private final Instant since = Clock.systemUTC().instant();
    private final CompletableFuture<Problem> outdone = new CompletableFuture<>();
    private volatile Optional<EngineSeen> engineSeen = Optional.empty();

    /** The engine's report and when it was made, in {@link System#nanoTime}. */
    private record EngineSeen(Reply.EngineReport report, long at) {}

    /**
     * A host whose store is the ZooKeeper of the configuration.
     *
     * @param hostKey the agent's SSH host key in OpenSSH's public form, for its presence
     * @throws xlctl.topology.InvalidValueException when the engine cannot be run by this version
     */
    public AgentHost(AgentConfig config, String agentVersion, String hostKey) {
        this(config, agentVersion, hostKey, () -> connect(config));
    }

    AgentHost(
            AgentConfig config,
            String agentVersion,
            String hostKey,
            StoreLink.Connector connector) {
        this.config = requireNonNull(config, "config is null");
        this.agentVersion = requireNonNull(agentVersion, "agentVersion is null");
        this.hostKey = requireNonNull(hostKey, "hostKey is null");
        this.engine = Engines.of(config.engine(), config.engineHome());
        this.certificates =
                new HostCertificates(
                        new TlsFiles(config.stateDirectory().resolve("tls")),
                        config.host(),
                        config.reachedAs(),
                        Clock.systemUTC());
        this.instances = new Instances(config, engine, certificates, Clock.systemUTC());
        this.workers = Executors.newCachedThreadPool(namedThreads());
        this.store = new StoreLink(connector, this::wakeAll);
        HostClaim claim = new HostClaim(config.host(), hostKey, since);
        this.convergence = new Convergence(instances, store, workers, this::announce);
        this.supervisor =
                new Supervisor(instances, new StartPermission(store, claim), this::announce);
        this.removals = new Removals(instances, workers, this::announce);
        this.logs = new EndlessLogs(instances);
        this.leftoverDdl = new DdlCompletion(instances, workers, this::announce);
        this.announcer =
                new Announcer(
                        config.host(),
                        hostKey,
                        claim,
                        store,
                        this::presence,
                        this::reports,
                        convergence::wake,
                        outdone::complete);
    }

    private static ClusterStore connect(AgentConfig config) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        config.zooKeeper(),
                        IdentityFile.read(config.identityFile()),
                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                        ZooKeeperRecordTree.DEFAULT_CONNECT_TIMEOUT),
                config.cluster());
    }

    /**
     * Reads the record of instances, adopts the servers that run, and begins to keep, converge and
     * report them.
     *
     * @throws IOException when the record cannot be read: nothing was started or changed then
     */
    public void start() throws IOException {
        instances.load();
        store.start();
        convergence.start();
        supervisor.start();
        removals.start();
        logs.start();
        leftoverDdl.start();
        announcer.start();
    }

    /**
     * Answers every request but {@code Hello}. Its changes are idempotent; it fences nothing: a
     * handler in front of it does.
     */
    public RequestHandler handler() {
        return new HostRequests(this, instances, convergence, certificates);
    }

    /** Done when another agent is at work as this host: this one is to end then. */
    public CompletableFuture<Problem> outdone() {
        return outdone;
    }

    /** Which parts of it have ended that should be at work; of a started host. Does not block. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        if (!supervisor.isAtWork()) {
            failures.add("supervision");
        }
        if (!removals.isAtWork()) {
            failures.add("ending of removals");
        }
        if (!logs.isAtWork()) {
            failures.add("keeping of logs");
        }
        if (!convergence.isAtWork()) {
            failures.add("convergence");
        }
        if (!leftoverDdl.isAtWork()) {
            failures.add("finishing of DDL");
        }
        if (!announcer.isAtWork()) {
            failures.add("presence");
        }
        return failures;
    }

    /** Ends the agent's own work and its presence; the servers as the configuration says. */
    @Override
    public void close() {
        supervisor.close();
        removals.close();
        logs.close();
        leftoverDdl.close();
        convergence.close();
        announcer.close();
        if (config.onTerminate() == AgentConfig.OnTerminate.STOP) {
            stopServers();
        }
        store.close();
        endWorkers();
        instances.all().forEach(instance -> instance.link().close());
    }

    /** A convergence under way writes nothing more once the host is closed, as a rule. */
    private void endWorkers() {
        workers.shutdownNow();
        try {
            if (!workers.awaitTermination(WORKERS_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("something still works on a server; it ends with this process");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The host as it is now: every server is asked, all at the same time. */
    Reply.HostReport inspect() {
        return new Reply.HostReport(
                config.host(),
                agentVersion,
                engineReport(),
                dataRoots(),
                reports(),
                store.connected().isPresent(),
                convergence.standing().version(),
                problems(),
                certificates.until(),
                Optional.of(obstacles()),
                Optional.of(convergence.standing().leftovers()));
    }

    /**
     * What keeps servers from running that should, or a newer topology from being applied, or will
     * soon.
     */
    List<Problem> problems() {
        List<Problem> problems = new ArrayList<>(obstacles());
        convergence.standing().leftovers().forEach(left -> problems.add(left.problem()));
        problems.addAll(removals.problems());
        certificateProblem().ifPresent(problems::add);
        return problems;
    }

    /** Those of them that keep servers from running, or from matching what they should. */
    private List<Problem> obstacles() {
        List<Problem> obstacles = new ArrayList<>(supervisor.problems());
        obstacles.addAll(convergence.standing().obstacles());
        obstacles.addAll(leftoverDdl.problems());
        return obstacles;
    }

    /** One that is being added has none yet. */
    private Optional<Problem> certificateProblem() {
        boolean lost =
                !certificates.isPresent()
                        && instances.all().stream()
                                .anyMatch(
                                        instance ->
                                                instance.site().encrypted()
                                                        && instance.record().wasNamed());
        return lost
                ? Optional.of(
                        Problem.of(
                                "host "
                                        + config.host()
                                        + " has lost its certificate: no server starts here",
                                "rotate certificates " + config.host()))
                : certificates.problem();
    }

    void wakeAll() {
        convergence.wake();
        announce();
    }

    private void announce() {
        announcer.wake();
    }

    private Presence presence() {
        return new Presence(
                config.host(),
                agentVersion,
                config.listen(),
                hostKey,
                convergence.standing().version(),
                problems(),
                since,
                config.place(),
                Optional.of(held()),
                Optional.of(ProcessHandle.current().pid()));
    }

    private List<HeldInstance> held() {
        return instances.all().stream()
                .map(HostedInstance::record)
                .filter(InstanceRecord::wasNamed)
                .map(
                        record ->
                                new HeldInstance(
                                        record.name(),
                                        record.named(),
                                        record.generation(),
                                        record.lineage()))
                .sorted(Comparator.comparing(held -> held.instance().toString()))
                .toList();
    }

    private List<InstanceReport> reports() {
        Map<HostedInstance, Future<InstanceReport>> asked = new LinkedHashMap<>();
        for (HostedInstance instance : instances.all()) {
            asked.put(instance, workers.submit(instance::report));
        }
        long deadline = System.nanoTime() + REPORT_DEADLINE.toNanos();
        List<InstanceReport> reports = new ArrayList<>();
        asked.forEach((instance, answer) -> reports.add(await(instance, answer, deadline)));
        return reports;
    }

    private static InstanceReport await(
            HostedInstance instance, Future<InstanceReport> answer, long deadline) {
        try {
            long left = Math.max(0, deadline - System.nanoTime());
            return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException slow) {
            return instance.silent("it was asked, and does not answer");
        } catch (ExecutionException e) {
            LOG.error("asking " + instance.name(), e);
            return instance.silent("asking it failed: " + e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return instance.silent("asking it was interrupted");
        }
    }

    private Reply.EngineReport engineReport() {
        long now = System.nanoTime();
        EngineSeen last =
                engineSeen
                        .filter(seen -> now - seen.at() < ENGINE_REPORT_AGE.toNanos())
                        .orElseGet(() -> new EngineSeen(engine.report(), now));
        engineSeen = Optional.of(last);
        return last.report();
    }

    private List<Reply.DataRoot> dataRoots() {
        List<Reply.DataRoot> roots = new ArrayList<>();
        for (Path root : instances.roots()) {
            long free;
            try {
                free = Files.getFileStore(root).getUsableSpace();
            } catch (IOException e) {
                LOG.warn("the data root {} cannot be looked at: {}", root, e);
                free = 0;
            }
            roots.add(new Reply.DataRoot(root.toString(), free));
        }
        return roots;
    }

    /** They should run again when the agent comes back: what is remembered stays. */
    private void stopServers() {
        List<Future<?>> stops = new ArrayList<>();
        for (HostedInstance instance : instances.all()) {
            stops.add(workers.submit(() -> stop(instance)));
        }
        for (Future<?> stop : stops) {
            try {
                stop.get();
            } catch (ExecutionException e) {
                LOG.error("stopping a server", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private static boolean stop(HostedInstance instance) throws IOException, InterruptedException {
        try {
            return instance.stop(StopMode.FAST, STOP_TIMEOUT);
        } catch (EngineException e) {
            LOG.warn("{}; it is stopped at once", e.getMessage());
        }
        try {
            return instance.stop(StopMode.IMMEDIATE, STOP_AT_ONCE_TIMEOUT);
        } catch (EngineException e) {
            LOG.warn("{}", e.getMessage());
            return false;
        }
    }

    private static ThreadFactory namedThreads() {
        AtomicInteger number = new AtomicInteger();
        return work -> {
            Thread thread = new Thread(work, "xlctl-host-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }
}
