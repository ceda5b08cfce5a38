package xlctl.agent.host;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.StopMode;
import xlctl.agent.engine.Catalog;
import xlctl.agent.engine.EngineException;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Lineage;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/**
 * Makes the running instances of this host match the topology: after every change of it, when a
 * server came up, and now and then, because databases are made without the agent's knowing. What
 * fails is tried again. One thread, and one more for each instance while it works.
 */
final class Convergence implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Convergence.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    private static final Duration STOP_TIMEOUT = Duration.ofMinutes(1);

    private final Instances instances;
    private final StoreLink store;
    private final ExecutorService workers;
    private final Runnable changed;

    /** The connection to the store is about to be made, and wakes it when it stands. */
    private final Loop loop = new Loop("xlctl-convergence", FIRST_PAUSE, this::round);

    private final Object monitor = new Object();
    private Duration pause = FIRST_PAUSE;

    // Guarded by monitor.
    private Standing standing = Standing.NONE;

    /** A topology and what follows from it for catalogs. */
    private record Target(
            int version, Topology topology, Catalog catalog, Optional<Lineage> lineage) {}

    /**
     * @param changed called when what was applied or what is in the way has changed; must not block
     */
    Convergence(Instances instances, StoreLink store, ExecutorService workers, Runnable changed) {
        this.instances = instances;
        this.store = store;
        this.workers = workers;
        this.changed = changed;
    }

    void start() {
        loop.start();
    }

    /** Asks for a look at the topology soon. Does not block. */
    void wake() {
        loop.wake();
    }

    Standing standing() {
        synchronized (monitor) {
            return standing;
        }
    }

    /**
     * Waits until a version or a newer one is applied.
     *
     * @return how the host stands then; empty when the time is over
     */
    Optional<Standing> await(int version, Duration timeout) throws InterruptedException {
        long deadline = System.nanoTime() + timeout.toNanos();
        wake();
        synchronized (monitor) {
            while (standing.version() < version) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return Optional.empty();
                }
                monitor.wait(Math.max(1, left / 1_000_000));
            }
            return Optional.of(standing);
        }
    }

    /** Whether the store, as far as it is reached, has an instance of this name in its topology. */
    boolean topologyNames(InstanceName name) throws EngineException {
        Optional<Versioned<Topology>> topology;
        try {
            topology = store.connected().flatMap(ClusterStore::topology);
        } catch (StoreException e) {
            throw new EngineException(
                    "whether the topology has " + name + " is not known: " + e.getMessage(),
                    "try again",
                    e);
        }
        return topology.stream()
                .flatMap(found -> found.value().instances())
                .anyMatch(instance -> instance.name().equals(name));
    }

    /**
     * Makes one instance match the topology as it is now, but for what users still use of nodes
     * that are gone.
     *
     * @return what could not be done because there is no connection to the store; empty when it
     *     matches
     */
    Optional<String> convergeNow(HostedInstance instance) throws EngineException {
        Optional<ClusterStore> connected = store.connected();
        if (connected.isEmpty()) {
            return Optional.of(store.trouble());
        }
        try {
            Optional<Target> target = read(connected.get());
            if (target.isEmpty() && instance.record().wasNamed()) {
                return Optional.of(lostTopology(instance).toString());
            }
            if (target.isPresent()) {
                instance.converge(target.get().version(), target.get().catalog());
            } else {
                instance.converge(
                        InstanceRecord.NEVER, Catalog.empty(instance.record().spec().networks()));
            }
            return Optional.empty();
        } catch (StoreException e) {
            return Optional.of(e.getMessage());
        }
    }

    boolean isAtWork() {
        return loop.isAtWork();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration round(boolean woken) throws InterruptedException {
        if (pass()) {
            pause = FIRST_PAUSE;
            return LOOK_AGAIN;
        }
        Duration now = pause;
        Duration doubled = pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
        return now;
    }

    /** Looks at everything once; true when nothing is left to do. */
    private boolean pass() throws InterruptedException {
        Optional<ClusterStore> connected = store.connected();
        List<Problem> found = new ArrayList<>();
        if (connected.isEmpty()) {
            found.add(
                    Problem.of(
                            "the topology cannot be followed: " + store.trouble(),
                            "start ZooKeeper, or see that this host reaches it"));
            return finish(standing().version(), found);
        }
        try {
            Optional<Target> target = read(connected.get());
            int now = target.isPresent() ? apply(target.get(), found) : withoutTopology(found);
            return finish(now, found);
        } catch (StoreException | EngineException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException("closing");
            }
            found.add(
                    Problem.of(
                            "the topology cannot be followed: " + e.getMessage(),
                            "see the agent's log"));
            return finish(standing().version(), found);
        }
    }

    /** True when nothing is left to do. */
    private boolean finish(int version, List<Problem> obstacles) {
        Standing now = new Standing(version, obstacles, leftovers());
        Standing before;
        synchronized (monitor) {
            before = standing;
            standing = now;
            monitor.notifyAll();
        }
        if (!before.problems().equals(now.problems())) {
            now.problems().forEach(problem -> LOG.warn("{}", problem));
        }
        if (!before.equals(now)) {
            changed.run();
        }
        return now.problems().isEmpty();
    }

    private List<Leftover> leftovers() {
        return instances.all().stream()
                .filter(instance -> instance.record().shouldRun())
                .flatMap(instance -> instance.leftovers().stream())
                .toList();
    }

    /** Of one life of the records: they may be lost, or restored, while they are read. */
    private static Optional<Target> read(ClusterStore store) throws EngineException {
        while (true) {
            Optional<Lineage> before = store.lineage().map(Versioned::value);
            Optional<Target> target = read(store, before);
            if (store.lineage().map(Versioned::value).equals(before)) {
                return target;
            }
        }
    }

    private static Optional<Target> read(ClusterStore store, Optional<Lineage> lineage)
            throws EngineException {
        Optional<Versioned<Topology>> topology = store.topology();
        if (topology.isEmpty()) {
            return Optional.empty();
        }
        Map<NodeName, NodeState> states = new HashMap<>();
        store.nodeStates().forEach((name, state) -> states.put(name, state.value()));
        Topology value = topology.get().value();
        Map<HostName, Versioned<HostRecord>> hosts = store.hosts();
        Catalog catalog =
                Catalog.of(value, states, hosts.keySet(), HostRecord.places(hosts.values()));
        return Optional.of(new Target(topology.get().version(), value, catalog, lineage));
    }

    private int withoutTopology(List<Problem> found) throws InterruptedException {
        for (HostedInstance instance : instances.all()) {
            if (instance.record().wasNamed()) {
                found.add(lostTopology(instance));
            }
        }
        return InstanceRecord.NEVER;
    }

    private static Problem lostTopology(HostedInstance instance) {
        return Problem.of(
                "the store has no topology, but "
                        + instance.name()
                        + " with its data was part of one",
                "restore the cluster's records from a backup: restore FILE; nothing is stopped or"
                        + " removed here");
    }

    /** The version that all running instances of the topology match afterwards. */
    private int apply(Target target, List<Problem> found) throws InterruptedException {
        int lowest = target.version();
        Map<HostedInstance, Future<List<Problem>>> work = new HashMap<>();
        for (HostedInstance instance : instances.all()) {
            work.put(instance, workers.submit(() -> apply(target, instance)));
        }
        for (HostedInstance instance : instances.all()) {
            Future<List<Problem>> result = work.get(instance);
            if (result == null) {
                continue;
            }
            found.addAll(outcome(instance, result));
            if (instance.record().shouldRun() && names(target, instance)) {
                lowest = Math.min(lowest, instance.applied());
            }
        }
        for (Instance missing : target.topology().instancesOn(instances.host())) {
            if (instances.find(missing.name()).isEmpty()) {
                found.add(ReplacedVolume.noRecord(missing.name()));
            }
        }
        return lowest;
    }

    private static List<Problem> outcome(HostedInstance instance, Future<List<Problem>> result)
            throws InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException | CancellationException e) {
            LOG.error("converging " + instance.name(), e);
            return List.of(
                    Problem.of(
                            instance.name() + " does not match the topology: " + e.getMessage(),
                            "see the agent's log"));
        }
    }

    private List<Problem> apply(Target target, HostedInstance instance)
            throws IOException, InterruptedException {
        boolean named = names(target, instance);
        Descent descent = Descent.of(instance.record(), target.lineage());
        if (descent != Descent.SAME && (!named || descent == Descent.FOREIGN)) {
            return descent.objection(instance.record()).stream().toList();
        }
        int before = instance.record().named();
        if (descent == Descent.SAME && target.version() < before) {
            return List.of(
                    Problem.of(
                            "the store has version "
                                    + target.version()
                                    + " of the topology, but "
                                    + instance.name()
                                    + " was part of version "
                                    + before,
                            "the store went back in time: restore its newest data; nothing is"
                                    + " changed here"));
        }
        if (!named && (instance.record().wasNamed() || isElsewhere(target, instance))) {
            return retire(target, instance);
        }
        if (named) {
            if (descent == Descent.RESTORED) {
                instance.forgetApplied();
            }
            instance.update(record -> record.namedIn(target.version(), target.lineage()));
        }
        return instance.record().shouldRun() ? converge(target, instance) : List.of();
    }

    private boolean names(Target target, HostedInstance instance) {
        return target.topology().instancesOn(instances.host()).stream()
                .anyMatch(one -> one.name().equals(instance.name()));
    }

    /** The add that made it here was undone without this host, and done again on another one. */
    private boolean isElsewhere(Target target, HostedInstance instance) {
        return target.topology()
                .node(instance.name().node())
                .filter(
                        node ->
                                node.instances().stream()
                                        .noneMatch(one -> one.host().equals(instances.host())))
                .isPresent();
    }

    private static List<Problem> converge(Target target, HostedInstance instance) {
        try {
            instance.converge(target.version(), target.catalog());
            return List.of();
        } catch (EngineException e) {
            return instance.record().shouldRun() ? e.problems() : List.of();
        }
    }

    /** Nodes of this host may still reach the GTM through it: the operation ends it after them. */
    private static boolean servesOthers(HostedInstance instance) {
        return instance.record().spec().kind() == NodeKind.GTM_PROXY;
    }

    /** Its node was removed while the agent was away, or is being removed now. */
    private static List<Problem> retire(Target target, HostedInstance instance)
            throws IOException, InterruptedException {
        List<Problem> found = new ArrayList<>();
        found.add(
                Problem.of(
                        instance.name()
                                + " is no part of the topology any more, since version "
                                + target.version()
                                + " at the latest; it is stopped"
                                + (servesOthers(instance) ? " after the nodes that use it" : "")
                                + ", its data are in "
                                + instance.record().dataDirectory(),
                        "finish the operation that removed it (operation list); where that is done,"
                                + " and the host is used again: "
                                + instance.removalByHand()));
        if (servesOthers(instance)) {
            return found;
        }
        if (instance.alive() && instance.changing().tryLock()) {
            try {
                instance.update(InstanceRecord::stopped);
                instance.stop(StopMode.FAST, STOP_TIMEOUT);
            } catch (EngineException e) {
                found.addAll(e.problems());
            } finally {
                instance.changing().unlock();
            }
        }
        return found;
    }
}
