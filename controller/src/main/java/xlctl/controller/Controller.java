package xlctl.controller;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.command.Command;
import xlctl.monitor.ClusterView;
import xlctl.monitor.DeepLook;
import xlctl.monitor.DeepView;
import xlctl.monitor.EmptiedStore;
import xlctl.monitor.HostLogs;
import xlctl.monitor.HostMatrix;
import xlctl.monitor.HostView;
import xlctl.monitor.LogLook;
import xlctl.monitor.Observer;
import xlctl.monitor.ReachLook;
import xlctl.monitor.StoreView;
import xlctl.monitor.StoredTable;
import xlctl.operation.Cancellation;
import xlctl.operation.Founding;
import xlctl.operation.Limits;
import xlctl.operation.Listener;
import xlctl.operation.Operations;
import xlctl.operation.Operator;
import xlctl.operation.Outcome;
import xlctl.operation.SwarmAccess;
import xlctl.operation.Waiting;
import xlctl.session.Agents;
import xlctl.session.SshAgents;
import xlctl.store.AuthoritySecret;
import xlctl.store.Backup;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Identity;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.swarm.DockerCli;
import xlctl.swarm.MemberServices;
import xlctl.swarm.SwarmServices;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InvalidValueException;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.SqlName;
import xlctl.topology.Topology;

/**
 * One cluster, to look at and to change. Thread-safe. Every method may throw {@link
 * StoreException}; what concerns a command or a host is a value in the result instead. A {@link
 * Listener} hears one call at a time.
 */
public final class Controller implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);

    private final ClusterStore store;
    private final Agents agents;
    private final Observer observer;
    private final DeepLook deepLook;
    private final LogLook logLook;
    private final ReachLook reachLook;
    private final Operations operations;
    private final HostKeys hostKeys;
    private final Clock clock;
    private final Set<Cancellation> underWay = ConcurrentHashMap.newKeySet();

    /** Over a store and agents that it closes when it is closed. */
    Controller(
            ClusterStore store,
            Agents agents,
            MemberServices services,
            ControllerSettings settings,
            Clock clock) {
        this.store = store;
        this.agents = agents;
        this.clock = clock;
        this.observer = new Observer(store, agents, settings.observationDeadline());
        this.deepLook = new DeepLook(store, agents);
        this.logLook = new LogLook(store, agents);
        this.reachLook = new ReachLook(store, agents);
        this.operations =
                new Operations(
                        store,
                        agents,
                        observer,
                        new Founding(
                                Topology.empty(
                                        settings.cluster(), settings.engine(), settings.networks()),
                                settings.origins()),
                        new SwarmAccess(services, settings.swarm(), settings.zooKeeper()),
                        Operator.ofThisProcess(),
                        Limits.forSteps(settings.stepTimeout(), settings.lockWait()),
                        clock,
                        Waiting.MONOTONIC);
        this.hostKeys = new HostKeys(store, agents, operations, clock);
    }

    /**
     * Makes {@link #open} and the first look faster, by doing in this thread what is done for the
     * first time there. May run at the same time; nothing depends on it.
     */
    public static void prepare() {
        ClusterStore.prepareToRead();
        SshAgents.prepare();
    }

    /**
     * Connects to ZooKeeper. Agents are connected when they are first needed, and kept.
     *
     * @throws StoreException.Unreachable when ZooKeeper does not answer
     * @throws InvalidValueException when the ZooKeeper identity or the SSH key cannot be used
     */
    public static Controller open(ControllerSettings settings) {
        Identity identity = OwnKeys.identity(settings);
        OwnKeys.requireUsable(settings.sshKey());
        ZooKeeperRecordTree tree =
                ZooKeeperRecordTree.connect(
                        settings.zooKeeper(),
                        identity,
                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                        CONNECT_TIMEOUT);
        try {
            ClusterStore store = new ClusterStore(tree, settings.cluster());
            store.prepare();
            SshAgents agents =
                    new SshAgents(
                            settings.cluster(),
                            settings.sshKey(),
                            Operator.ofThisProcess().toString(),
                            CONNECT_TIMEOUT);
            return new Controller(
                    store,
                    agents,
                    new SwarmServices(
                            DockerCli.ofThisMachine(),
                            settings.cluster(),
                            settings.swarm().image()),
                    settings,
                    Clock.systemUTC());
        } catch (RuntimeException e) {
            tree.close();
            throw e;
        }
    }

    /**
     * The cluster as it is now. All agents are asked at once and given until the settings'
     * observation deadline; the servers of one that is silent are asked themselves.
     */
    public ClusterView look() {
        return observer.look();
    }

    /** The session with ZooKeeper. */
    public StoreView store() {
        return new StoreView(store.tree().server(), store.tree().sessionTimeout());
    }

    /**
     * Reads and writes through these coordinators, and leaves nothing behind. All are tried at the
     * same time, for ten seconds at most.
     */
    public List<DeepView> lookDeep(List<Instance> coordinators) {
        return deepLook.through(coordinators);
    }

    /**
     * The ends of all hosts' logs, as they were written: see {@link #secrets()}.
     *
     * @param bytes at most of each log
     */
    public List<HostLogs> logs(int bytes) {
        return logLook.ofAllHosts(bytes);
    }

    /** What must be in nothing that is shown or given away; none before there is a cluster. */
    public List<Secret> secrets() {
        return store.secrets().stream().flatMap(secrets -> secrets.value().all().stream()).toList();
    }

    /** As {@link #look()}, for the hosts alone: registered ones and those that offer themselves. */
    public List<HostView> hosts() {
        return observer.hosts();
    }

    /**
     * Which hosts reach which, and which of the servers: every agent tries all of them, at the same
     * time, for four seconds at most.
     */
    public HostMatrix hostMatrix() {
        return reachLook.matrix();
    }

    /**
     * What these commands would do, one after the other. Changes nothing and takes no lock.
     * Consecutive adds are planned on each other; for any other command the cluster is taken as it
     * is.
     */
    public List<PlannedCommand> plan(List<Command> commands) {
        return Results.planned(commands, operations.plan(commands));
    }

    /**
     * Does these commands and answers for each, in their order. Consecutive adds are done at the
     * same time and committed one after the other; other commands are done one by one. The first
     * that fails ends the list: those after it are not done, and adds of its group that were under
     * way are undone.
     */
    public List<CommandResult> run(List<Command> commands, Listener listener) {
        return cancellable(
                cancellation ->
                        Results.of(
                                commands,
                                operations.run(commands, new OneByOne(listener), cancellation)));
    }

    /** Every operation kept, oldest first. */
    public List<OperationHeader> operations() {
        return store.operations().values().stream()
                .map(Versioned::value)
                .collect(Collectors.toUnmodifiableList());
    }

    public Optional<OperationView> operation(long number) {
        return store.operation(number)
                .map(
                        header ->
                                new OperationView(
                                        header.value(),
                                        operations.planOf(number),
                                        store.steps(number).values().stream()
                                                .map(Versioned::value)
                                                .collect(Collectors.toUnmodifiableList())));
    }

    /**
     * Finishes an open operation: forward, or back when it was already being undone.
     *
     * @param lost hosts that are gone for good, and that it is ended without
     */
    public OperationResult resume(long number, Set<HostName> lost, Listener listener) {
        return cancellable(
                cancellation ->
                        Results.of(
                                number,
                                operations.resume(
                                        number, lost, new OneByOne(listener), cancellation)));
    }

    /**
     * Undoes an open operation that has not passed its commit point.
     *
     * @param lost hosts that are gone for good, and that it is ended without
     */
    public OperationResult rollback(long number, Set<HostName> lost, Listener listener) {
        return cancellable(
                cancellation ->
                        Results.of(
                                number,
                                operations.rollback(
                                        number, lost, new OneByOne(listener), cancellation)));
    }

    /**
     * The cluster's records at one moment, with its passwords.
     *
     * @throws RefusedException when there is nothing to back up
     */
    public Backup backup() {
        requireRecords();
        return Backup.of(store.cluster(), clock.instant(), store.snapshot())
                .orElseThrow(
                        () ->
                                new RefusedException(
                                        Problem.of(
                                                "cluster "
                                                        + store.cluster()
                                                        + " has no topology yet: there is nothing to"
                                                        + " back up",
                                                "add gtm master begins one")));
    }

    /**
     * Puts a backup back into a store that has no other records of the cluster.
     *
     * @param older whether instances that agents hold and the backup does not know may be left out
     */
    public OperationResult restore(Backup backup, boolean older, Listener listener) {
        return cancellable(
                cancellation -> {
                    Outcome outcome =
                            operations.restore(backup, older, new OneByOne(listener), cancellation);
                    return Results.of(outcome.operation().orElse(0L), outcome);
                });
    }

    /**
     * Fetches the key that a host's agent offers.
     *
     * @param agent where; empty for where it was registered, or says it is, or the host's standard
     *     port
     * @throws AgentUnreachableException when nothing there speaks SSH
     */
    public HostKeyOffer offeredKey(HostName host, Optional<HostPort> agent) {
        return hostKeys.offered(host, agent);
    }

    /**
     * Registers a host with the key it offers, or replaces what was registered.
     *
     * @throws RefusedException when the registration changed since the offer was made, the offer
     *     contradicts what the agent says in ZooKeeper, or a new host would miss a new key
     */
    public HostRecord acceptHost(HostKeyOffer offer) {
        return hostKeys.accept(offer);
    }

    /**
     * How clients connect to the cluster's coordinators.
     *
     * @throws RefusedException when there is none yet, or the cluster's records are lost
     */
    public ClientLogin clientLogin() {
        requireRecords();
        return ClientLogins.to(store, certificateAuthority());
    }

    /**
     * The certificate in PEM of who signs those of the cluster's servers; empty for a cluster
     * without TLS.
     */
    public Optional<String> certificateAuthority() {
        return store.secrets()
                .flatMap(secrets -> secrets.value().authority())
                .map(AuthoritySecret::certificate);
    }

    /**
     * The tables of a database that have rows on a datanode, as a coordinator that runs knows them.
     *
     * @param owner of the tables; empty for anybody
     * @throws RefusedException when there is no such datanode or database
     * @throws UnreachableException when a server that must be asked does not answer
     */
    public List<StoredTable> storedTables(
            NodeName datanode, SqlName database, Optional<SqlName> owner) {
        requireRecords();
        return new DatanodeTables(store, observer).of(datanode, database, owner);
    }

    /**
     * Ends what {@link #run}, {@link #resume} or {@link #rollback} are doing, soon: what has not
     * reached its commit point is undone, the rest stays open and can be resumed. Those methods
     * return once that is so. May be called from any thread, at any time, more than once.
     */
    public void cancel() {
        underWay.forEach(Cancellation::fire);
    }

    @Override
    public void close() {
        cancel();
        operations.close();
        observer.close();
        agents.close();
        store.close();
    }

    private void requireRecords() {
        EmptiedStore.in(store)
                .ifPresent(
                        problem -> {
                            throw new RefusedException(problem);
                        });
    }

    private <T> T cancellable(Function<Cancellation, T> work) {
        Cancellation cancellation = new Cancellation();
        underWay.add(cancellation);
        try {
            return work.apply(cancellation);
        } finally {
            underWay.remove(cancellation);
        }
    }
}
