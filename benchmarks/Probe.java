import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.logging.LogManager;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.controller.ControllerSettings;
import xlctl.json.Json;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.monitor.StoreView;
import xlctl.plan.Observation;
import xlctl.plan.Planned;
import xlctl.plan.Planner;
import xlctl.session.SshAgents;
import xlctl.shell.answer.Format;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.language.Completion;
import xlctl.shell.render.AnswerWriter;
import xlctl.shell.render.Screen;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;
import xlctl.store.ClusterStore;
import xlctl.store.IdentityFile;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
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
import xlctl.topology.Role;
import xlctl.topology.Topology;

/**
 * What cannot be seen from outside a process, measured against the cluster of a home: {@code Probe
 * HOME requests|thousand}. Prints lines of WHAT TARGET UNIT VALUE for {@code benchmarks/run}.
 */
final class Probe {
    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final int REQUESTS = 2_000;
    private static final int INSTANCES = 1_000;
    private static final int ROUNDS = 5;

    public static void main(String[] arguments) throws Exception {
        LogManager.getLogManager().reset();
        ControllerSettings settings =
                Settings.read(new Home(Path.of(arguments[0])), Map.of(), Map.of()).forController();
        try (ClusterStore store = store(settings, settings.cluster());
                ClusterStore large = store(settings, new ClusterName("benchmark"))) {
            if (arguments[1].equals("requests")) {
                roundTrips(settings, store);
            } else {
                thousandInstances(large);
            }
        }
    }

    private static ClusterStore store(ControllerSettings settings, ClusterName cluster) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        settings.zooKeeper(),
                        IdentityFile.read(settings.identityFile()),
                        ZooKeeperRecordTree.DEFAULT_SESSION_TIMEOUT,
                        TIMEOUT),
                cluster);
    }

    private static void roundTrips(ControllerSettings settings, ClusterStore store)
            throws Exception {
        try (SshAgents agents =
                new SshAgents(settings.cluster(), settings.sshKey(), "benchmark", TIMEOUT)) {
            AgentConnection agent =
                    agents.to(store.hosts().values().iterator().next().value());
            round(agent, Request.Hello.now("benchmark")); // Warms both ends up.
            long[] greetings = round(agent, Request.Hello.now("benchmark"));
            print("request_to_an_agent_on_a_warm_session,_p50", 5, "ms", millis(greetings, 50));
            print("request_to_an_agent_on_a_warm_session,_p99", 5, "ms", millis(greetings, 99));
            long[] inspections = round(agent, new Request.Inspect());
            print("the_same,_host_and_server_looked_at,_p50", 5, "ms", millis(inspections, 50));
            print("the_same,_host_and_server_looked_at,_p99", 5, "ms", millis(inspections, 99));
        }
    }

    /** How long each of many requests took, in nanoseconds, in rising order. */
    private static long[] round(AgentConnection agent, Request request) throws Exception {
        long[] took = new long[REQUESTS];
        for (int at = 0; at < REQUESTS; at++) {
            long from = System.nanoTime();
            agent.call(request, progress -> {}).get();
            took[at] = System.nanoTime() - from;
        }
        Arrays.sort(took);
        return took;
    }

    private static void thousandInstances(ClusterStore store) {
        store.prepare();
        Topology small = Topology.empty(store.cluster(), EngineKind.POSTGRESQL, networks());
        store.change().createTopology(small).commit();
        long[] took = new long[ROUNDS];
        for (int at = 0; at < ROUNDS; at++) {
            long from = System.nanoTime();
            Topology large =
                    new Topology(small.cluster(), small.engine(), small.networks(), nodes());
            Planned planned =
                    Planner.plan(new Command.Stop(Target.ALL, StopMode.FAST), observation(large));
            if (!planned.refusals().isEmpty()) {
                throw new IllegalStateException(planned.refusals().toString());
            }
            int version = store.topology().orElseThrow().version();
            store.change().replaceTopology(large, version).commit();
            if (!store.topology().orElseThrow().value().equals(large)) {
                throw new IllegalStateException("read something else than written");
            }
            took[at] = System.nanoTime() - from;
        }
        Arrays.sort(took);
        print("1,000_instances:_validate,_plan,_store,_read", 1000, "ms", millis(took, 50));
        completion(store.topology().orElseThrow().value());
        status(store.topology().orElseThrow());
        int bytes = Json.write(store.topology().orElseThrow().value()).length;
        print("their_topology_in_ZooKeeper", 1024, "kB", bytes / 1024.0);
    }

    /** What a person waits for at the Tab key. */
    private static void completion(Topology topology) {
        List<String> names =
                topology.nodes().stream().map(node -> node.name().value()).toList();
        Completion.LiveNames live =
                new Completion.LiveNames() {
                    @Override
                    public Collection<String> nodes(Optional<NodeKind> kind) {
                        return names;
                    }

                    @Override
                    public Collection<String> hosts() {
                        return names;
                    }

                    @Override
                    public Collection<String> openOperations() {
                        return List.of();
                    }
                };
        long[] took = new long[ROUNDS];
        for (int at = 0; at < ROUNDS; at++) {
            long from = System.nanoTime();
            if (Completion.after(List.of("monitor", "datanode"), live).words().size()
                    < INSTANCES) {
                throw new IllegalStateException("completion does not know every node");
            }
            took[at] = System.nanoTime() - from;
        }
        Arrays.sort(took);
        print("completion_among_them", 1000, "ms", millis(took, 50));
    }

    /** From what was seen to lines, in 80 columns; every tenth member is down. */
    private static void status(Versioned<Topology> topology) {
        List<MemberView> members =
                topology.value().nodes().stream()
                        .map(node -> seen(node, topology.version()))
                        .toList();
        ClusterView view =
                new ClusterView(
                        topology.value().cluster(),
                        Optional.of(topology),
                        members,
                        List.of(),
                        Optional.empty(),
                        List.of());
        StoreView store = new StoreView(Optional.empty(), TIMEOUT);
        for (Format format : List.of(Format.TEXT, Format.JSON)) {
            long[] took = new long[ROUNDS];
            for (int at = 0; at < ROUNDS; at++) {
                List<String> lines = new ArrayList<>();
                long from = System.nanoTime();
                new AnswerWriter(lines::add, lines::add, Screen.PLAIN)
                        .write(StatusAnswer.of(view, store), format);
                took[at] = System.nanoTime() - from;
                if (lines.size() < INSTANCES) {
                    throw new IllegalStateException("status leaves members out");
                }
            }
            Arrays.sort(took);
            String name = format.name().toLowerCase(Locale.ROOT);
            print("their_status_as_" + name, 1000, "ms", millis(took, 50));
        }
    }

    private static MemberView seen(Node node, int version) {
        Instance instance = node.instances().get(0);
        boolean up = instance.name().node().value().hashCode() % 10 != 0;
        return new MemberView(
                instance,
                node.kind(),
                Role.MASTER,
                up,
                MemberView.Source.AGENT,
                Optional.of(
                        new InstanceReport(
                                instance.name(),
                                up ? InstanceReport.State.UP : InstanceReport.State.DOWN,
                                up ? Optional.of(Role.MASTER) : Optional.empty(),
                                up ? Optional.of(1L) : Optional.empty(),
                                up ? Optional.of(4711L) : Optional.empty(),
                                Instant.EPOCH,
                                up ? "" : "it was killed by signal 9",
                                List.of())),
                OptionalInt.of(version),
                List.of());
    }

    private static Networks networks() {
        Cidr loopback = new Cidr("127.0.0.0/8");
        return Networks.plain(List.of(loopback), List.of(loopback));
    }

    private static List<Node> nodes() {
        List<Node> nodes = new ArrayList<>();
        for (int number = 0; number < INSTANCES; number++) {
            NodeName name = new NodeName("node_" + number);
            Instance master =
                    new Instance(
                            new InstanceName(name, 1),
                            new HostName("10.0." + number / 250 + "." + (1 + number % 250)),
                            new Port(5432),
                            Optional.of(new Port(15432)),
                            new Directory("data"),
                            Optional.empty());
            NodeKind kind = number == 0 ? NodeKind.GTM : NodeKind.DATANODE;
            nodes.add(new Node(name, kind, OperatorFile.NONE, OperatorFile.NONE, List.of(master)));
        }
        return nodes;
    }

    private static Observation observation(Topology topology) {
        Map<NodeName, NodeState> states = new HashMap<>();
        for (Node node : topology.nodes()) {
            InstanceName master = node.instances().get(0).name();
            states.put(node.name(), NodeState.first(master, Instant.EPOCH, "benchmark"));
        }
        return new Observation(
                topology,
                true,
                states,
                Map.of(),
                Map.of(),
                Optional.empty(),
                List.of(),
                Set.of());
    }

    private static double millis(long[] sorted, int percent) {
        return sorted[(sorted.length - 1) * percent / 100] / 1e6;
    }

    private static void print(String what, int target, String unit, double value) {
        System.out.printf("%s %d %s %.2f%n", what, target, unit, value);
    }
}
