package xlctl.fleet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.logging.LogManager;
import xlctl.agent.ssh.HostKey;
import xlctl.lookup.HostLookup;
import xlctl.shell.home.NewHome;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.IdentityFile;
import xlctl.store.Presence;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.store.server.EmbeddedZooKeeper;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;
import xlctl.topology.Port;
import xlctl.topology.Topology;

/**
 * A ZooKeeper, simulated agents with one instance each, and a home that knows them: {@code Fleet
 * HOME COUNT [SILENT-ADDRESS]}. Prints {@code ready} and runs until it is ended. With a silent
 * address the last host is there: packets to it get no answer, or, where it is one of loopback,
 * connections to it are never accepted.
 */
public final class Fleet {
    private static final ClusterName CLUSTER = new ClusterName("fleet");
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Port AGENT_PORT = new Port(7422);
    private static final Port SERVER_PORT = new Port(5432);
    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("127.0.0.0/8")), List.of(new Cidr("127.0.0.0/8")));

    private final Path directory;
    private final NewHome home;

    private Fleet(Path directory, String zooKeeper) {
        this.directory = directory;
        this.home =
                new NewHome(
                        directory.resolve("home"),
                        CLUSTER,
                        zooKeeper,
                        EngineKind.POSTGRESQL,
                        NETWORKS);
    }

    public static void main(String[] arguments) throws Exception {
        HostLookup.keepNothing();
        LogManager.getLogManager().reset();
        Path directory = Path.of(arguments[0]);
        Optional<String> silent =
                arguments.length > 2 ? Optional.of(arguments[2]) : Optional.empty();
        try {
            EmbeddedZooKeeper zooKeeper =
                    EmbeddedZooKeeper.start(
                            new EmbeddedZooKeeper.Settings(
                                    directory.resolve("zookeeper"),
                                    new InetSocketAddress("127.0.0.1", 0)));
            new Fleet(directory, zooKeeper.connectString())
                    .start(Integer.parseInt(arguments[1]), silent);
        } catch (IOException | RuntimeException e) {
            System.err.println("the fleet does not start: " + e);
            System.exit(1); // Threads of what has started would keep the process.
        }
        System.out.println("ready");
        new CountDownLatch(1).await();
    }

    /**
     * @param silent where the last of the hosts is, which does not answer
     */
    private void start(int count, Optional<String> silent) throws IOException {
        home.create();
        ClusterStore store = store(home.identity());
        store.prepare();
        List<HostRecord> hosts = new ArrayList<>();
        List<Node> nodes = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            boolean answers = silent.isEmpty() || number < count - 1;
            HostName host = answers ? loopback(number) : new HostName(silent.get());
            Path state = Files.createDirectories(directory.resolve("agent-" + number));
            Node node = node(number, host);
            nodes.add(node);
            hosts.add(answers ? answering(state, node) : silent(state, host));
        }
        store.change()
                .createTopology(new Topology(CLUSTER, EngineKind.POSTGRESQL, NETWORKS, nodes))
                .createSecrets(ClusterSecrets.generate())
                .commit();
        ClusterStore agents = store(home.agentIdentity());
        for (int number = 0; number < count; number++) {
            register(store, agents, nodes.get(number), hosts.get(number));
        }
    }

    private static void register(
            ClusterStore store, ClusterStore agents, Node node, HostRecord host) {
        InstanceName master = node.instances().get(0).name();
        store.change()
                .createHost(host)
                .createNodeState(NodeState.first(master, Instant.now(), "simulated"))
                .commit();
        agents.change()
                .createPresence(
                        new Presence(
                                host.host(),
                                SimulatedAgent.VERSION,
                                host.agent(),
                                host.hostKey(),
                                0,
                                List.of(),
                                Instant.now()))
                .commit();
    }

    private ClusterStore store(Path identity) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        home.zooKeeper(), IdentityFile.read(identity), PATIENCE, PATIENCE),
                CLUSTER);
    }

    private HostRecord answering(Path state, Node node) throws IOException {
        Instance instance = node.instances().get(0);
        return SimulatedAgent.start(
                CLUSTER, instance, freePort(instance.host()), state, home.sshPublicKey());
    }

    @SuppressWarnings("resource") // They are open for as long as this process lives.
    private static HostRecord silent(Path state, HostName host) throws IOException {
        InetAddress address = InetAddress.getByName(host.value());
        if (address.isLoopbackAddress()) {
            for (Port port : List.of(AGENT_PORT, SERVER_PORT)) {
                ServerSocket unused = new ServerSocket(port.value(), 5, address);
            }
        }
        return new HostRecord(
                host,
                new HostPort(host, AGENT_PORT),
                HostKey.loadOrCreate(state).openSsh(),
                Instant.now());
    }

    private static HostName loopback(int number) {
        return new HostName("127.8." + number / 250 + "." + (1 + number % 250));
    }

    private static Node node(int number, HostName host) {
        NodeKind kind =
                number == 0 ? NodeKind.GTM : number <= 3 ? NodeKind.COORDINATOR : NodeKind.DATANODE;
        NodeName name = new NodeName(kind.word() + "_" + number);
        Instance master =
                new Instance(
                        new InstanceName(name, 1),
                        host,
                        SERVER_PORT,
                        kind == NodeKind.GTM ? Optional.empty() : Optional.of(new Port(15432)),
                        new Directory("data"),
                        Optional.empty());
        return new Node(name, kind, OperatorFile.NONE, OperatorFile.NONE, List.of(master));
    }

    /** Of this address; nobody else here takes ports of it. */
    private static Port freePort(HostName host) throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(host.value()))) {
            return new Port(socket.getLocalPort());
        }
    }
}
