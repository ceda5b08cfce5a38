package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.json.Json;
import xlctl.monitor.HostView;
import xlctl.operation.World;
import xlctl.store.HostRecord;
import xlctl.store.Presence;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmNode;
import xlctl.swarm.SwarmSettings;
import xlctl.swarm.SwarmView;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** The services that hosts of added nodes become, and what keeps them from it. */
class NewServiceTest {
    private static final ClusterName CLUSTER = new ClusterName("test");
    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("10.0.0.0/24")), List.of());
    private static final Node GTM = World.node(NodeKind.GTM, "gtm_1", "h1", 5432, "gtm");
    private static final Node COORDINATOR =
            World.node(NodeKind.COORDINATOR, "coord_1", "c1", 5432, "coord");
    private static final Node DATANODE =
            World.node(NodeKind.DATANODE, "data_1", "d1", 5432, "data");

    private final Map<HostName, HostView> hosts = new HashMap<>();
    private final List<SwarmNode> nodes = new ArrayList<>();
    private final Map<HostName, SwarmView.Member> members = new HashMap<>();
    private final List<Problem> unusable = new ArrayList<>();
    private final List<String> foreign = new ArrayList<>();
    private final List<String> volumes = new ArrayList<>();
    private Topology topology = Topology.empty(CLUSTER, EngineKind.POSTGRESQL, NETWORKS).with(GTM);
    private boolean always;

    NewServiceTest() {
        node("n1", true);
    }

    @Test
    void aServiceIsMadeRegisteredAndProbedBeforeTheMemberIsPrepared() {
        Plan plan = planOf(add(COORDINATOR, on("n1", 6432)));

        assertThat(titles(plan).subList(0, 4))
                .containsExactly(
                        "create service test_c1 where node.hostname==n1",
                        "register c1 when its agent is there",
                        "see that c1 can take coord_1",
                        "prepare coord_1 on c1");
        assertThat(plan.stages().subList(0, 4)).allMatch(stage -> stage.size() == 1);
        ServiceSpec spec = ((Action.CreateService) plan.steps().get(0).action()).spec();
        assertThat(spec.arguments())
                .containsSequence("--zookeeper", "zk:2181", "--network", "10.0.0.0/24");
        assertThat(spec.networks()).containsExactly("test_cluster", "test_clients");
        assertThat(spec.published())
                .contains(new ServiceSpec.PublishedPort(new Port(6432), new Port(5432)));
        assertThat(spec.limits().memory()).contains("2g");
        assertThat(plan.steps().get(0).undo())
                .contains(new Action.RemoveService(new HostName("c1")));
        assertThat(plan.steps().get(1).action())
                .isEqualTo(
                        new Action.RegisterHost(
                                new HostName("c1"), HostPort.parse("c1:7422"), "test_c1"));
        assertThat(plan.steps().get(1).undo())
                .contains(new Action.UnregisterHost(new HostName("c1"), Optional.empty()));
        assertThat(plan.steps().get(3).undo()).isEmpty();
        assertThat(Json.read(Json.write(plan), Plan.class, "test")).isEqualTo(plan);
    }

    @Test
    void onlyWhatClientsConnectToIsOnTheirNetwork() {
        Plan plan = planOf(add(DATANODE, ServiceWish.ANYWHERE));

        assertThat(((Action.CreateService) plan.steps().get(0).action()).spec().networks())
                .containsExactly("test_cluster");
    }

    @Test
    void withTheSettingEveryHostThatIsNotRegisteredBecomesAService() {
        always = true;

        assertThat(titles(planOf(new Command.AddNode(DATANODE))).get(0))
                .isEqualTo("create service test_d1 where node.hostname==n1");
    }

    @Test
    void withoutTheSettingAnUnregisteredHostIsRefused() {
        assertThat(reasons(new Command.AddNode(DATANODE)))
                .singleElement()
                .asString()
                .contains("host d1 is not registered");
    }

    @Test
    void aServiceThatAScriptMadeIsOnlyRegisteredAndKeptByTheUndo() {
        members.put(
                new HostName("d1"), new SwarmView.Member(new HostName("d1"), Optional.of("n1")));
        volumes.add("test_d1");
        presence("d1");

        Plan plan = planOf(add(DATANODE, ServiceWish.ANYWHERE));

        assertThat(titles(plan).subList(0, 3))
                .containsExactly(
                        "register d1 when its agent is there",
                        "see that d1 can take data_1",
                        "prepare data_1 on d1");
        assertThat(plan.steps().stream().flatMap(step -> step.undo().stream()))
                .hasSize(2)
                .noneMatch(undo -> undo instanceof Action.RemoveService);
    }

    @Test
    void nothingCanBeSaidOfAServiceThatIsThere() {
        members.put(
                new HostName("d1"), new SwarmView.Member(new HostName("d1"), Optional.of("n1")));

        assertThat(reasons(add(DATANODE, on("n1"))))
                .singleElement()
                .asString()
                .contains("service test_d1 is there already", "leave out --on");
    }

    @Test
    void servicesAreSpreadOverTheReadyNodesAlsoThoseOfOneScript() {
        node("n2", true);
        node("n3", false);
        members.put(new HostName("x"), new SwarmView.Member(new HostName("x"), Optional.of("n1")));
        List<String> chosen = new ArrayList<>();
        Observation seen = seen();
        for (int number = 1; number <= 4; number++) {
            Node node = World.node(NodeKind.DATANODE, "data_" + number, "d" + number, 5432, "data");
            Plan plan = Planner.plan(add(node, ServiceWish.ANYWHERE), seen).plan().orElseThrow();
            chosen.add(
                    ((Action.CreateService) plan.steps().get(0).action())
                            .spec()
                            .constraints()
                            .get(0));
            seen = seen.after(node, plan);
        }

        assertThat(chosen)
                .containsExactly(
                        "node.hostname==n2",
                        "node.hostname==n1",
                        "node.hostname==n2",
                        "node.hostname==n1");
    }

    @Test
    void constraintsAreTakenAsTheyAre() {
        ServiceWish wish =
                new ServiceWish(
                        Optional.empty(),
                        List.of("node.labels.disk==ssd", "node.role!=manager"),
                        Optional.empty());

        assertThat(titles(planOf(add(DATANODE, wish))).get(0))
                .isEqualTo(
                        "create service test_d1 where node.labels.disk==ssd, node.role!=manager");
    }

    @Test
    void aPublishedPortGoesToANodeThatHasItFree() {
        node("n2", true);
        members.put(new HostName("x"), publishing("x", "n1", 6432));
        members.put(new HostName("y"), new SwarmView.Member(new HostName("y"), Optional.of("n2")));
        members.put(new HostName("z"), new SwarmView.Member(new HostName("z"), Optional.of("n2")));
        ServiceWish wish =
                new ServiceWish(Optional.empty(), List.of(), Optional.of(new Port(6432)));

        assertThat(titles(planOf(add(COORDINATOR, wish))).get(0)).contains("node.hostname==n2");
        assertThat(reasons(add(COORDINATOR, on("n1", 6432))))
                .containsExactly(
                        "port 6432 of the Swarm's node n1 is taken by test_x (publish another port,"
                                + " or on another node)");

        members.put(new HostName("y"), publishing("y", "n2", 6432));
        assertThat(reasons(add(COORDINATOR, wish)))
                .containsExactly(
                        "no node of the Swarm can take the service and has port 6432 free: n1 is"
                                + " ready active, n2 is ready active (see: docker node ls)");
    }

    @Test
    void aSecondMemberOfAComingHostWaitsForTheFirst() {
        Command first = add(DATANODE, ServiceWish.ANYWHERE);
        Node second = World.node(NodeKind.DATANODE, "data_2", "d1", 5433, "data2");
        Observation seen = seen();
        Plan plan = Planner.plan(first, seen).plan().orElseThrow();
        Observation then = seen.after(DATANODE, plan);

        Plan later = Planner.plan(add(second, ServiceWish.ANYWHERE), then).plan().orElseThrow();

        assertThat(titles(later).subList(0, 2))
                .containsExactly("see that d1 can take data_2", "prepare data_2 on d1");
        assertThat(later.steps().get(0).after()).containsExactly(DATANODE.name());
        assertThat(later.steps().get(1).undo())
                .contains(
                        new Action.DiscardInstance(
                                new HostName("d1"),
                                new InstanceName(second.name(), 1),
                                Disposal.UNDO));
        assertThat(Planner.plan(add(second, on("n1")), then).problems())
                .singleElement()
                .asString()
                .contains("made by the command that adds data_1", "give --on");
    }

    @Test
    void aServiceReachesTheGtmThroughTheProxyOfItsSwarmNodeFromTheStart() {
        node("n2", true);
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, NETWORKS).with(GTM);
        Node proxy = World.node(NodeKind.GTM_PROXY, "proxy_1", "p1", 20001, "proxy");
        Node other = World.node(NodeKind.GTM_PROXY, "proxy_2", "p2", 20001, "proxy");
        Plan first = planOf(add(proxy, on("n1")));
        Observation then = seen().after(proxy, first);

        assertThat(gtmOf(Planner.plan(add(DATANODE, on("n1")), then).plan().orElseThrow()))
                .hasToString("p1:20001");
        assertThat(gtmOf(Planner.plan(add(DATANODE, on("n2")), then).plan().orElseThrow()))
                .hasToString("h1:5432");
        assertThat(Planner.plan(add(other, on("n1")), then).problems())
                .singleElement()
                .asString()
                .contains("runs in one place with p1, which has a GTM proxy, proxy_1");
        assertThat(Planner.plan(add(other, on("n2")), then).problems()).isEmpty();
    }

    @Test
    void everyReasonIsSaidAtOnce() {
        foreign.add("test_db.1");
        volumes.add("test_db.1");
        presence("db.1");
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY).with(GTM);
        ServiceWish wish =
                new ServiceWish(
                        Optional.of("m1"),
                        List.of("node.role==worker"),
                        Optional.of(new Port(6432)));
        Node node = World.node(NodeKind.DATANODE, "data_1", "db.1", 5432, "data");

        assertThat(reasons(add(node, wish)))
                .containsExactly(
                        "db.1 can be no service: its name is made of several labels (choose one word,"
                                + " as in coord-m-1; for a machine: host accept db.1)",
                        "networks.cluster is not set, the network in which the agent of a service"
                                + " listens (it is fixed when the first node is added: only a new"
                                + " cluster can be made with it)",
                        "there is a service test_db.1 that is not of this cluster (choose another"
                                + " name for the host, or remove that service)",
                        "there is a volume test_db.1 already: it may hold the data of an earlier"
                                + " host db.1 (if nobody needs it: docker volume rm"
                                + " test_db.1)",
                        "an agent of a host db.1 is connected to ZooKeeper, and there is no"
                                + " service test_db.1 (if it is a machine: host accept db.1;"
                                + " if it is what remains of a removed service, try again in a"
                                + " moment)",
                        "data_1 is a datanode, which no client connects to (leave out --publish:"
                                + " coordinators are what clients reach)",
                        "--on and --constraint both say where db.1 is to run (give one of them;"
                                + " --on NODE is --constraint node.hostname==NODE)");
    }

    @Test
    void ofAReservedNameItIsAllThatIsSaid() {
        for (String host : List.of("zookeeper", "control")) {
            Node node = World.node(NodeKind.DATANODE, "data_1", host, 5432, "data");
            volumes.add("test_" + host);

            assertThat(reasons(add(node, ServiceWish.ANYWHERE)))
                    .containsExactly(
                            host
                                    + " is no name for a member's host: the cluster's own service has"
                                    + " it (choose another name)");
        }
    }

    @Test
    void anUnknownNodeIsRefusedWithNearNames() {
        node("db-12", true);

        assertThat(reasons(add(DATANODE, on("db-13"))))
                .containsExactly(
                        "the Swarm has no node db-13: did you mean \"db-12\"? (its nodes are db-12,"
                                + " n1)");
    }

    @Test
    void nodesOfOneNameAreToldApartByTheirIds() {
        nodes.add(new SwarmNode("id-2", "n1", false, true, "ready active"));

        assertThat(reasons(add(DATANODE, on("n1"))))
                .containsExactly(
                        "several nodes of the Swarm are called n1 (give --constraint"
                                + " node.id==id-n1 or --constraint node.id==id-2)");
    }

    @Test
    void aNodeThatIsNotReadyIsRefused() {
        node("n2", false);

        assertThat(reasons(add(DATANODE, on("n2"))))
                .containsExactly(
                        "the Swarm's node n2 takes no services: it is down drain (bring it back, or"
                                + " choose another one)");
        nodes.remove(0);
        assertThat(reasons(add(DATANODE, ServiceWish.ANYWHERE)))
                .containsExactly(
                        "no node of the Swarm can take the service: n2 is down drain (see: docker"
                                + " node ls)");
    }

    @Test
    void whyDockerCannotBeUsedIsSaid() {
        unusable.add(Problem.of("Docker does not run", "start it"));

        assertThat(reasons(add(DATANODE, on("n9"))))
                .containsExactly("Docker does not run (start it)");
    }

    @Test
    void namesThatNoServiceCanHaveAreRefused() {
        for (String host : List.of("127.0.1.3", "db-1.example", "a_", "x".repeat(60))) {
            Node node = World.node(NodeKind.DATANODE, "data_1", host, 5432, "data");

            assertThat(reasons(add(node, ServiceWish.ANYWHERE)))
                    .as(host)
                    .singleElement()
                    .asString()
                    .contains("can be no service");
        }
    }

    @Test
    void nothingCanBeSaidOfWhereARegisteredHostRuns() {
        registered("d1", Optional.of("test_d1"));

        assertThat(reasons(add(DATANODE, on("n1"))))
                .contains(
                        "host d1 is registered already, so nothing can be said of where it runs and"
                                + " what it publishes (leave out --on, --constraint and --publish)");
    }

    @Test
    void theLastInstanceOfAServiceTakesTheServiceWithIt() {
        topology = topology.with(DATANODE);
        registered("d1", Optional.of("test_d1"));

        Plan plan = planOf(remove(Disposal.ERASE));

        List<Step> steps = plan.steps();
        assertThat(titles(plan).subList(steps.size() - 3, steps.size()))
                .containsExactly(
                        "erase data_1 on d1",
                        "remove service test_d1 and its volume",
                        "forget that d1 is registered");
        assertThat(steps.get(steps.size() - 1).action())
                .isEqualTo(
                        new Action.UnregisterHost(new HostName("d1"), Optional.of(Instant.EPOCH)));
        assertThat(planOf(remove(Disposal.KEEP)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);
    }

    @Test
    void aServiceWithAnotherInstanceAndAMachineStay() {
        Node second = World.node(NodeKind.DATANODE, "data_2", "d1", 5433, "data2");
        topology = topology.with(DATANODE).with(second);
        registered("d1", Optional.of("test_d1"));
        assertThat(planOf(remove(Disposal.ERASE)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);

        topology = topology.without(second.name());
        registered("d1", Optional.empty());
        assertThat(planOf(remove(Disposal.ERASE)).steps())
                .noneMatch(step -> step.action() instanceof Action.OfController);
    }

    @Test
    void withoutDockerNothingIsRemovedThatIsAService() {
        topology = topology.with(DATANODE);
        registered("d1", Optional.of("test_d1"));
        unusable.add(Problem.of("Docker does not run", "start it"));

        assertThat(reasons(remove(Disposal.ERASE)))
                .containsExactly("Docker does not run (start it)");
        planOf(remove(Disposal.KEEP));
    }

    private Plan planOf(Command command) {
        Planned planned = Planner.plan(command, seen());
        assertThat(planned.problems()).isEmpty();
        return planned.plan().orElseThrow();
    }

    private List<String> reasons(Command command) {
        return Planner.plan(command, seen()).problems().stream().map(Problem::toString).toList();
    }

    private Observation seen() {
        Map<NodeName, NodeState> states = new HashMap<>();
        topology.nodes()
                .forEach(
                        node ->
                                states.put(
                                        node.name(),
                                        NodeState.first(
                                                node.instances().get(0).name(),
                                                Instant.EPOCH,
                                                "test")));
        SwarmView view =
                unusable.isEmpty()
                        ? new SwarmView(List.of(), nodes, members, foreign, volumes)
                        : SwarmView.unusable(unusable.get(0));
        return new Observation(
                topology,
                true,
                states,
                hosts,
                Map.of(DATANODE.instances().get(0), new Reply.UserTables(List.of(), 0)),
                Optional.empty(),
                List.of(),
                Set.of(),
                Map.of(),
                Optional.of(
                        new SwarmFacts(
                                new SwarmSettings(
                                        always,
                                        "xlctl:test",
                                        new ServiceSpec.Limits(Optional.of("2g"), Optional.empty()),
                                        Duration.ofSeconds(60)),
                                "zk:2181",
                                Optional.of(view))),
                List.of());
    }

    private void node(String hostname, boolean ready) {
        nodes.add(
                new SwarmNode(
                        "id-" + hostname,
                        hostname,
                        false,
                        ready,
                        ready ? "ready active" : "down drain"));
    }

    private void presence(String host) {
        HostName name = new HostName(host);
        hosts.put(
                name,
                new HostView(
                        name,
                        Optional.empty(),
                        Optional.of(
                                new Presence(
                                        name,
                                        "1",
                                        HostPort.parse(host + ":7422"),
                                        "ssh-ed25519 AAAA",
                                        -1,
                                        List.of(),
                                        Instant.EPOCH)),
                        Optional.empty(),
                        Optional.empty()));
    }

    private void registered(String host, Optional<String> service) {
        HostName name = new HostName(host);
        hosts.put(
                name,
                new HostView(
                        name,
                        Optional.of(
                                new HostRecord(
                                        name,
                                        HostPort.parse(host + ":7422"),
                                        "ssh-ed25519 AAAA",
                                        Instant.EPOCH,
                                        Optional.empty(),
                                        service)),
                        Optional.empty(),
                        Optional.of(
                                new Reply.HostReport(
                                        name,
                                        "1",
                                        new Reply.EngineReport(
                                                EngineKind.POSTGRESQL,
                                                "/usr",
                                                Optional.of("15.0"),
                                                List.of()),
                                        List.of(),
                                        List.of(up("data_1.1")),
                                        true,
                                        0,
                                        List.of())),
                        Optional.empty()));
    }

    private static InstanceReport up(String instance) {
        return new InstanceReport(
                InstanceName.parse(instance),
                InstanceReport.State.UP,
                Optional.of(Role.MASTER),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                "",
                List.of());
    }

    private static SwarmView.Member publishing(String host, String node, int port) {
        return new SwarmView.Member(
                new HostName(host), Optional.of(node), Optional.of(new Port(port)));
    }

    private static Command add(Node node, ServiceWish wish) {
        return new Command.AddNode(node, Optional.of(wish));
    }

    private static Command remove(Disposal disposal) {
        return new Command.RemoveNode(NodeKind.DATANODE, Optional.of(DATANODE.name()), disposal);
    }

    private static ServiceWish on(String node) {
        return new ServiceWish(Optional.of(node), List.of(), Optional.empty());
    }

    private static ServiceWish on(String node, int published) {
        return new ServiceWish(Optional.of(node), List.of(), Optional.of(new Port(published)));
    }

    private static HostPort gtmOf(Plan plan) {
        return plan.steps().stream()
                .map(Step::action)
                .filter(action -> action instanceof Action.PrepareInstance)
                .map(action -> ((Action.PrepareInstance) action).spec().gtm().orElseThrow())
                .map(GtmAddress::contact)
                .findFirst()
                .orElseThrow();
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(Step::title).toList();
    }
}
