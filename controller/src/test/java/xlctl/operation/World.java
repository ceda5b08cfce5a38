package xlctl.operation;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSecrets;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.monitor.Observer;
import xlctl.session.Agents;
import xlctl.session.FakeAgents;
import xlctl.session.FakeHost;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.HostRecord;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.RecordTree;
import xlctl.store.Versioned;
import xlctl.swarm.InMemoryServices;
import xlctl.swarm.MemberServices;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Topology;

/** A store, hosts with agents, and any number of controllers over them. */
public final class World implements AutoCloseable {
    public static final ClusterName CLUSTER = new ClusterName("test");
    static final Listener QUIET = (operation, node, text) -> {};
    private static final Clock CLOCK =
            Clock.fixed(Instant.parse("2026-11-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Limits LIMITS =
            new Limits(
                    Duration.ofSeconds(10),
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofMillis(300),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(20),
                    Duration.ZERO);

    private static final SwarmSettings SWARM =
            new SwarmSettings(false, "xlctl:test", ServiceSpec.Limits.NONE, Duration.ofSeconds(60));

    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(
                    server.connect(InMemoryRecordTree.Party.CONTROLLER_AND_AGENT), CLUSTER);
    private final FakeAgents agents =
            new FakeAgents(() -> store.topology().map(Versioned::version).orElse(-1));
    private final InMemoryServices services = new InMemoryServices(CLUSTER);
    private final List<Runnable> opened = new CopyOnWriteArrayList<>();

    private final EngineKind engine;
    private final Networks networks;
    private Limits limits = LIMITS;
    private Waiting waiting = Waiting.MONOTONIC;
    private Clock clock = CLOCK;

    public World(String... hosts) {
        this(EngineKind.POSTGRESQL, hosts);
    }

    public World(EngineKind engine, String... hosts) {
        this(engine, Networks.HOSTS_ONLY, hosts);
    }

    World(EngineKind engine, Networks networks, String... hosts) {
        this.engine = engine;
        this.networks = networks;
        agents.run(engine);
        store.prepare();
        services.onTasks(this::comeUp, this::goDown);
        for (String host : hosts) {
            register(host);
        }
    }

    public void register(String host) {
        agents.host(host);
        store.change()
                .createHost(
                        new HostRecord(
                                new HostName(host),
                                HostPort.parse(host + ":7422"),
                                "ssh-ed25519 AAAA",
                                CLOCK.instant()))
                .commit();
    }

    /** As the agent of a service that starts, and of one that ends. */
    void comeUp(HostName host) {
        agents.host(host.value());
        store.change()
                .createPresence(
                        new Presence(
                                host,
                                "test",
                                HostPort.parse(host + ":7422"),
                                "ssh-ed25519 " + host,
                                -1,
                                List.of(),
                                CLOCK.instant()))
                .commit();
    }

    /** Also when two that end the same service do it at the same time. */
    synchronized void goDown(HostName host) {
        agents.forget(host);
        store.presence(host)
                .ifPresent(there -> store.change().deletePresence(host, there.version()).commit());
    }

    /** Controllers that are made from now on give a step this long. */
    void limitSteps(Duration step) {
        limits =
                new Limits(
                        step,
                        LIMITS.agent(),
                        LIMITS.newcomer(),
                        LIMITS.store(),
                        LIMITS.server(),
                        LIMITS.ddlLock(),
                        LIMITS.lock());
    }

    /** Controllers that are made from now on wait this long for the lock. */
    void waitForTheLock(Duration wait) {
        limits =
                new Limits(
                        LIMITS.step(),
                        LIMITS.agent(),
                        LIMITS.newcomer(),
                        LIMITS.store(),
                        LIMITS.server(),
                        LIMITS.ddlLock(),
                        wait);
    }

    /** As when ZooKeeper lost its data. */
    void emptyStore() {
        server.empty();
    }

    /** For controllers that are made from now on time passes so. */
    void waitBy(Waiting way) {
        waiting = way;
    }

    /** Controllers that are made from now on note these times. */
    void tellTimeBy(Clock teller) {
        clock = teller;
    }

    /** The place of another cluster in the same store; it ends with the world. */
    ClusterStore neighbour(ClusterName cluster) {
        ClusterStore neighbour =
                new ClusterStore(
                        server.connect(InMemoryRecordTree.Party.CONTROLLER_AND_AGENT), cluster);
        neighbour.prepare();
        opened.add(neighbour::close);
        return neighbour;
    }

    InMemoryServices services() {
        return services;
    }

    public ClusterStore store() {
        return store;
    }

    public FakeAgents agents() {
        return agents;
    }

    /** Ends with the world, unless it is closed before. */
    public InMemoryRecordTree session() {
        InMemoryRecordTree session = server.connect(InMemoryRecordTree.Party.CONTROLLER);
        opened.add(session::close);
        return session;
    }

    Operations controller() {
        return controller("tester");
    }

    Operations controller(String who) {
        return controller(session(), agents, services, who);
    }

    Operations controller(RecordTree tree, Agents through, String who) {
        return controller(tree, through, services, who);
    }

    /** A controller that reaches the world through these. */
    Operations controller(RecordTree tree, Agents through, MemberServices docker, String who) {
        ClusterStore seen = new ClusterStore(tree, CLUSTER);
        Observer observer = new Observer(seen, through, Duration.ofSeconds(2));
        Operations operations =
                new Operations(
                        seen,
                        through,
                        observer,
                        Founding.of(Topology.empty(CLUSTER, engine, networks)),
                        new SwarmAccess(docker, SWARM, "zookeeper:2181"),
                        new Operator(who, "here"),
                        limits,
                        clock,
                        waiting);
        opened.add(operations::close);
        opened.add(observer::close);
        return operations;
    }

    /** Adds members, on the way that operators do. */
    public World with(Command... adds) {
        List<Outcome> outcomes = controller().run(List.of(adds), QUIET, new Cancellation());
        if (outcomes.stream().anyMatch(outcome -> outcome.end() != Outcome.End.DONE)) {
            throw new AssertionError("not added: " + outcomes);
        }
        return this;
    }

    public static Command add(NodeKind kind, String name, String host) {
        return add(kind, name, host, 5432);
    }

    public static Command add(NodeKind kind, String name, String host, int port) {
        return new Command.AddNode(node(kind, name, host, port, "data/" + name));
    }

    /** The same, on a host that is to be a service. */
    static Command inService(Command add) {
        return new Command.AddNode(
                ((Command.AddNode) add).node(), Optional.of(ServiceWish.ANYWHERE));
    }

    public static Node node(NodeKind kind, String name, String host, int port, String directory) {
        return new Node(
                new NodeName(name),
                kind,
                OperatorFile.NONE,
                OperatorFile.NONE,
                List.of(
                        new Instance(
                                new InstanceName(new NodeName(name), 1),
                                new HostName(host),
                                new Port(port),
                                Optional.empty(),
                                new Directory(directory),
                                Optional.empty())));
    }

    public static Command remove(NodeKind kind, String name, Disposal disposal) {
        return new Command.RemoveNode(kind, Optional.of(new NodeName(name)), disposal);
    }

    /** Of an agent that says what it holds, or cannot. */
    public static Presence presence(String host, Optional<List<HeldInstance>> held) {
        return new Presence(
                new HostName(host),
                "test",
                HostPort.parse(host + ":7422"),
                "ssh-ed25519 AAAA",
                -1,
                List.of(),
                Instant.EPOCH,
                Optional.empty(),
                held);
    }

    /** Everything that an operator could tell apart, except the history. */
    Picture picture() {
        Map<NodeName, NodeState> states = new HashMap<>();
        store.nodeStates().forEach((node, state) -> states.put(node, state.value()));
        Map<HostName, Map<InstanceName, InstanceReport.State>> instances = new TreeMap<>();
        for (FakeHost host : agents.hosts()) {
            instances.put(host.name(), host.instances());
        }
        Map<InstanceName, InstanceSecrets> secrets = new TreeMap<>();
        agents.hosts().forEach(host -> secrets.putAll(host.secrets()));
        return new Picture(
                store.topology().map(Versioned::value).map(Topology::nodes).orElse(List.of()),
                states.keySet().stream().sorted().toList(),
                instances,
                store.hosts().values().stream().map(Versioned::value).toList(),
                services.hosts(),
                services.volumes(),
                agents.hosts().stream().flatMap(host -> host.databases().stream()).toList(),
                agents.hosts().stream().collect(Collectors.toMap(FakeHost::name, FakeHost::keys)),
                secrets);
    }

    /**
     * Nodes, the nodes that have a state, the instances that hosts have, the hosts that are
     * registered, services and volumes, databases, whose keys hosts let in, the secrets of
     * instances.
     */
    record Picture(
            List<Node> nodes,
            List<NodeName> states,
            Map<HostName, Map<InstanceName, InstanceReport.State>> instances,
            List<HostRecord> hosts,
            Set<HostName> services,
            Set<String> volumes,
            List<String> databases,
            Map<HostName, Set<ControllerKey>> keys,
            Map<InstanceName, InstanceSecrets> secrets) {}

    /** The names of the nodes that the topology has. */
    List<String> nodes() {
        return store.topology().orElseThrow().value().nodes().stream()
                .map(node -> node.name().value())
                .toList();
    }

    OperationHeader headerOf(Outcome outcome) {
        return store.operation(outcome.operation().orElseThrow()).orElseThrow().value();
    }

    List<OperationHeader> operations() {
        return store.operations().values().stream().map(Versioned::value).toList();
    }

    List<OperationHeader> openOperations() {
        return operations().stream().filter(each -> each.state().open()).toList();
    }

    @Override
    public void close() {
        opened.forEach(Runnable::run);
        agents.close();
        store.close();
    }
}
