package xlctl.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.agent.api.StopMode;
import xlctl.agent.config.AgentConfig;
import xlctl.store.ClusterStore;
import xlctl.store.Versioned;
import xlctl.topology.Cidr;
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
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.Topology;

/**
 * An agent's host side under test, in this process: real servers in a temporary directory, and
 * short words for what a controller would ask of it. Whatever it started is gone when it is closed.
 */
public final class TestHost implements AutoCloseable {
    public static final ClusterName CLUSTER = new ClusterName("c1");

    /** As on loopback: everyone there may come. */
    static final Networks NETWORKS = Networks.plain(List.of(), List.of(new Cidr("127.0.0.0/8")));

    private final AgentConfig config;
    private final StoreLink.Connector connector;
    private final AtomicInteger step = new AtomicInteger();
    private AgentHost host;

    public TestHost(Path directory, String address, StoreLink.Connector connector)
            throws IOException {
        this(config(directory, address), connector);
    }

    TestHost(AgentConfig config, StoreLink.Connector connector) throws IOException {
        this.config = config;
        this.connector = connector;
        startAgent();
    }

    static AgentConfig config(Path directory, String address) throws IOException {
        return config(directory, CLUSTER, address, "127.0.0.1:1");
    }

    static AgentConfig config(Path directory, ClusterName cluster, String address, String zooKeeper)
            throws IOException {
        return config(
                directory, cluster, address, zooKeeper, EngineKind.POSTGRESQL, Optional.empty());
    }

    static AgentConfig config(
            Path directory,
            ClusterName cluster,
            String address,
            String zooKeeper,
            EngineKind engine,
            Optional<Path> home)
            throws IOException {
        Path state = Files.createDirectories(directory.resolve("state"));
        Path root = Files.createDirectories(directory.resolve("root"));
        return new AgentConfig(
                cluster,
                new HostName(address),
                new HostPort(new HostName(address), new Port(7422)),
                Optional.empty(),
                address,
                state,
                List.of(root),
                engine,
                home,
                zooKeeper,
                directory.resolve("identity"),
                directory.resolve("authorized_keys"),
                AgentConfig.OnTerminate.KEEP,
                Optional.empty(),
                List.of());
    }

    /** One that is configured to stop its servers when it ends. */
    static TestHost stoppingWithServers(AgentConfig config, StoreLink.Connector connector)
            throws IOException {
        return new TestHost(
                new AgentConfig(
                        config.cluster(),
                        config.host(),
                        config.listen(),
                        config.listenNetwork(),
                        config.serverListen(),
                        config.stateDirectory(),
                        config.dataRoots(),
                        config.engine(),
                        config.engineHome(),
                        config.zooKeeper(),
                        config.identityFile(),
                        config.authorizedKeys(),
                        AgentConfig.OnTerminate.STOP,
                        config.place(),
                        List.of()),
                connector);
    }

    AgentConfig config() {
        return config;
    }

    void startAgent() throws IOException {
        host = new AgentHost(config, "test", "ssh-ed25519 AAAA", connector);
        host.start();
    }

    void stopAgent() {
        host.close();
    }

    /** Ends the agent and every server that it knew. */
    @Override
    public void close() {
        host.close();
        killServers();
    }

    void killServers() {
        InstanceRecords records = new InstanceRecords(config.stateDirectory());
        try {
            for (InstanceRecord record : records.readAll()) {
                killAllIn(Path.of(record.dataDirectory()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** SIGKILL to every server process whose working directory this is. */
    static void killAllIn(Path data) {
        List<ProcessHandle> processes = serversIn(data);
        while (!processes.isEmpty()) {
            processes.forEach(ProcessHandle::destroyForcibly);
            processes = serversIn(data);
        }
    }

    /** Stops them for a while, as in {@code kill -STOP}, or has them go on. */
    static void signal(String name, List<ProcessHandle> processes) throws Exception {
        List<String> command = new ArrayList<>(List.of("/usr/bin/env", "kill", "-" + name));
        processes.forEach(process -> command.add(Long.toString(process.pid())));
        // Some of them may have ended since.
        new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
    }

    static List<ProcessHandle> serversIn(Path data) {
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .forEach(
                        process -> {
                            try {
                                Path proc = Path.of("/proc/" + process.pid());
                                boolean zombie =
                                        Files.readString(proc.resolve("stat")).contains(") Z ");
                                if (!zombie
                                        && Files.readSymbolicLink(proc.resolve("cwd"))
                                                .equals(data)) {
                                    found.add(process);
                                }
                            } catch (IOException goneOrForeign) {
                                found.remove(process);
                            }
                        });
        return found;
    }

    Path root() {
        return config.dataRoots().get(0);
    }

    Reply ask(Request request) {
        return ask(request, line -> {});
    }

    Reply ask(Request request, Consumer<String> progress) {
        return host.handler().handle(request, progress);
    }

    StepKey key() {
        return new StepKey(1, 1, step.incrementAndGet());
    }

    Reply prepare(Node node) {
        return prepare(spec(node, NETWORKS));
    }

    Reply prepare(InstanceSpec spec) {
        return ask(new Request.Prepare(key(), spec, TestSecrets.of(spec.engine(), spec.kind())));
    }

    /** For a node that is to become part of the topology as it is. */
    Reply prepare(ClusterStore store, Node node) {
        Topology topology =
                store.topology()
                        .map(Versioned::value)
                        .orElseGet(
                                () -> Topology.empty(config.cluster(), config.engine(), NETWORKS));
        return prepare(
                InstanceSpec.of(topology, Map.of(), Places.UNKNOWN, node, node.instances().get(0)));
    }

    Reply start(Node node) {
        return start(node, 1);
    }

    Reply start(Node node, long generation) {
        return ask(new Request.Start(key(), name(node), generation, Duration.ofMinutes(2)));
    }

    Reply stop(Node node, StopMode mode) {
        return ask(new Request.Stop(key(), name(node), mode, Duration.ofSeconds(20)));
    }

    Reply kill(Node node) {
        return ask(new Request.Kill(key(), name(node)));
    }

    Reply discard(Node node, Disposal disposal) {
        return ask(new Request.Discard(key(), name(node), disposal));
    }

    Reply.HostReport inspect() {
        return (Reply.HostReport) ask(new Request.Inspect());
    }

    InstanceReport report(Node node) {
        return inspect().instances().stream()
                .filter(report -> report.instance().equals(name(node)))
                .findFirst()
                .orElseThrow(() -> new AssertionError(node.name() + " is not reported"));
    }

    /** Prepares, starts and commits nodes, as an {@code add} does. */
    void add(ClusterStore store, Node... nodes) {
        for (Node node : nodes) {
            mustBeDone(prepare(store, node));
            mustBeDone(start(node));
            commit(store, node);
        }
    }

    /** The commit point of an {@code add}. */
    int commit(ClusterStore store, Node node) {
        Optional<Versioned<Topology>> before = store.topology();
        Topology old =
                before.map(Versioned::value)
                        .orElseGet(
                                () -> Topology.empty(config.cluster(), config.engine(), NETWORKS));
        NodeState state = NodeState.first(name(node), Instant.EPOCH, "test");
        if (before.isEmpty()) {
            store.change().createTopology(old.with(node)).createNodeState(state).commit();
            return 0;
        }
        store.change()
                .replaceTopology(old.with(node), before.get().version())
                .createNodeState(state)
                .commit();
        return before.get().version() + 1;
    }

    static int remove(ClusterStore store, Node node) {
        Versioned<Topology> before = store.topology().orElseThrow();
        store.change()
                .replaceTopology(before.value().without(node.name()), before.version())
                .deleteNodeState(node.name(), store.nodeStates().get(node.name()).version())
                .commit();
        return before.version() + 1;
    }

    Reply await(int version) {
        return ask(new Request.AwaitConvergence(version, Duration.ofSeconds(20)));
    }

    static void mustBeDone(Reply reply) {
        if (!(reply instanceof Reply.Done)) {
            throw new AssertionError("not done: " + reply);
        }
    }

    static InstanceName name(Node node) {
        return node.instances().get(0).name();
    }

    static Node node(NodeKind kind, String name, String host, int port, String directory) {
        return node(kind, name, host, port, directory, "", "");
    }

    static Node node(
            NodeKind kind,
            String name,
            String host,
            int port,
            String directory,
            String configuration,
            String hba) {
        return node(kind, name, host, port, Optional.empty(), directory, configuration, hba);
    }

    static Node node(
            NodeKind kind,
            String name,
            String host,
            int port,
            Optional<Port> pooler,
            String directory,
            String configuration,
            String hba) {
        Instance instance =
                new Instance(
                        new InstanceName(new NodeName(name), 1),
                        new HostName(host),
                        new Port(port),
                        pooler,
                        new Directory(directory),
                        Optional.empty());
        return new Node(
                new NodeName(name),
                kind,
                new OperatorFile("extra.conf", configuration),
                new OperatorFile("extra.hba", hba),
                List.of(instance));
    }

    InstanceSpec spec(Node node, Networks networks) {
        return InstanceSpec.of(
                Topology.empty(config.cluster(), config.engine(), networks),
                Map.of(),
                Places.UNKNOWN,
                node,
                node.instances().get(0));
    }

    public static int freePort(String address) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(address))) {
            return socket.getLocalPort();
        }
    }
}
