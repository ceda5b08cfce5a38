package xlctl.plan;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.monitor.HostView;
import xlctl.store.Presence;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmNode;
import xlctl.swarm.SwarmSettings;
import xlctl.swarm.SwarmView;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** A cluster as the planner is shown it, beside a Swarm of which one node, n1, is ready. */
final class SwarmedCluster {
    static final Node GTM = ObservedCluster.GTM;
    static final Node COORDINATOR = ObservedCluster.node(NodeKind.COORDINATOR, "coord_1", "c1");
    static final Node DATANODE = ObservedCluster.node(NodeKind.DATANODE, "data_1", "d1");
    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("10.0.0.0/24")), List.of());

    private final List<SwarmNode> nodes = new ArrayList<>();
    private final Map<HostName, SwarmView.Member> members = new HashMap<>();
    private final List<String> foreign = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private final ObservedCluster cluster;
    private Optional<Problem> unusable = Optional.empty();
    private boolean always;

    private SwarmedCluster(Topology topology) {
        cluster = new ObservedCluster(topology);
        cluster.answer(DATANODE, new Reply.UserTables(List.of(), 0));
        ready("n1");
    }

    /** With the GTM on a machine. */
    static SwarmedCluster of(EngineKind engine) {
        return of(engine, NETWORKS);
    }

    static SwarmedCluster of(EngineKind engine, Networks networks) {
        return new SwarmedCluster(Topology.empty(ObservedCluster.NAME, engine, networks).with(GTM));
    }

    void have(Node... more) {
        cluster.have(more);
    }

    void without(Node node) {
        cluster.become(cluster.topology().without(node.name()));
    }

    /** Makes a service of every host that is not registered. */
    void always() {
        always = true;
    }

    void ready(String node) {
        nodes.add(new SwarmNode("id-" + node, node, false, true, "ready active"));
    }

    void down(String node) {
        nodes.add(new SwarmNode("id-" + node, node, false, false, "down drain"));
    }

    List<SwarmNode> nodes() {
        return nodes;
    }

    /** Its service is there already, and runs on a node. */
    void runs(String host, String node) {
        member(new SwarmView.Member(new HostName(host), Optional.of(node)));
    }

    void runs(String host, String node, int published) {
        member(
                new SwarmView.Member(
                        new HostName(host), Optional.of(node), Optional.of(new Port(published))));
    }

    private void member(SwarmView.Member member) {
        members.put(member.host(), member);
    }

    void strangersService(String service) {
        foreign.add(service);
    }

    void volume(String volume) {
        volumes.add(volume);
    }

    void unusable(Problem why) {
        unusable = Optional.of(why);
    }

    /** An agent is connected to ZooKeeper and not registered. */
    void present(String host) {
        HostName name = new HostName(host);
        cluster.host(
                new HostView(
                        name,
                        Optional.empty(),
                        Optional.of(
                                new Presence(
                                        name,
                                        "1",
                                        HostPort.parse(host + ":7422"),
                                        ObservedCluster.KEY,
                                        -1,
                                        List.of(),
                                        Instant.EPOCH)),
                        Optional.empty(),
                        Optional.empty()));
    }

    /** The host of the datanode is registered, and the datanode up there. */
    void registered(Optional<String> service) {
        cluster.answering(
                ObservedCluster.record("d1", Optional.empty(), service),
                cluster.report("d1", ObservedCluster.up("data_1.1")));
    }

    Observation seen() {
        look();
        return cluster.seen();
    }

    Plan planOf(Command command) {
        look();
        return cluster.planOf(command);
    }

    List<String> reasons(Command command) {
        look();
        return cluster.reasons(command);
    }

    private void look() {
        SwarmView view =
                unusable.map(SwarmView::unusable)
                        .orElseGet(
                                () -> new SwarmView(List.of(), nodes, members, foreign, volumes));
        cluster.swarm(
                new SwarmFacts(
                        new SwarmSettings(
                                always,
                                "xlctl:test",
                                new ServiceSpec.Limits(Optional.of("2g"), Optional.empty()),
                                Duration.ofSeconds(60)),
                        "zk:2181",
                        Optional.of(view)));
    }

    static Command add(Node node, ServiceWish wish) {
        return new Command.AddNode(node, Optional.of(wish));
    }

    static ServiceWish on(String node) {
        return new ServiceWish(Optional.of(node), List.of(), Optional.empty());
    }

    static ServiceWish on(String node, int published) {
        return new ServiceWish(Optional.of(node), List.of(), Optional.of(new Port(published)));
    }
}
