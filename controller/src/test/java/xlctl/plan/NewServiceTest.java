package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.titles;
import static xlctl.plan.SwarmedCluster.COORDINATOR;
import static xlctl.plan.SwarmedCluster.DATANODE;
import static xlctl.plan.SwarmedCluster.add;
import static xlctl.plan.SwarmedCluster.on;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.command.ServiceWish;
import xlctl.json.Json;
import xlctl.operation.World;
import xlctl.swarm.ServiceSpec;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Port;

/** The services that hosts of added nodes become. */
class NewServiceTest {
    private final SwarmedCluster cluster = SwarmedCluster.of(EngineKind.POSTGRESQL);

    @Test
    void aServiceIsMadeRegisteredAndProbedBeforeTheMemberIsPrepared() {
        Plan plan = cluster.planOf(add(COORDINATOR, on("n1", 6432)));

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
        Plan plan = cluster.planOf(add(DATANODE, ServiceWish.ANYWHERE));

        assertThat(((Action.CreateService) plan.steps().get(0).action()).spec().networks())
                .containsExactly("test_cluster");
    }

    @Test
    void withTheSettingEveryHostThatIsNotRegisteredBecomesAService() {
        cluster.always();

        assertThat(titles(cluster.planOf(new Command.AddNode(DATANODE))).get(0))
                .isEqualTo("create service test_d1 where node.hostname==n1");
    }

    @Test
    void aServiceThatAScriptMadeIsOnlyRegisteredAndKeptByTheUndo() {
        cluster.runs("d1", "n1");
        cluster.volume("test_d1");
        cluster.present("d1");

        Plan plan = cluster.planOf(add(DATANODE, ServiceWish.ANYWHERE));

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
    void servicesAreSpreadOverTheReadyNodesAlsoThoseOfOneScript() {
        cluster.ready("n2");
        cluster.down("n3");
        cluster.runs("x", "n1");
        List<String> chosen = new ArrayList<>();
        Observation seen = cluster.seen();
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

        assertThat(titles(cluster.planOf(add(DATANODE, wish))).get(0))
                .isEqualTo(
                        "create service test_d1 where node.labels.disk==ssd, node.role!=manager");
    }

    @Test
    void aPublishedPortGoesToANodeThatHasItFree() {
        cluster.ready("n2");
        cluster.runs("x", "n1", 6432);
        cluster.runs("y", "n2");
        cluster.runs("z", "n2");
        ServiceWish wish =
                new ServiceWish(Optional.empty(), List.of(), Optional.of(new Port(6432)));

        assertThat(titles(cluster.planOf(add(COORDINATOR, wish))).get(0))
                .contains("node.hostname==n2");
        assertThat(cluster.reasons(add(COORDINATOR, on("n1", 6432))))
                .containsExactly(
                        "port 6432 of the Swarm's node n1 is taken by test_x (publish another port,"
                                + " or on another node)");

        cluster.runs("y", "n2", 6432);
        assertThat(cluster.reasons(add(COORDINATOR, wish)))
                .containsExactly(
                        "no node of the Swarm can take the service and has port 6432 free: n1 is"
                                + " ready active, n2 is ready active (see: docker node ls)");
    }

    @Test
    void aSecondMemberOfAComingHostWaitsForTheFirst() {
        Command first = add(DATANODE, ServiceWish.ANYWHERE);
        Node second = World.node(NodeKind.DATANODE, "data_2", "d1", 5433, "data2");
        Observation seen = cluster.seen();
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
        SwarmedCluster xl = SwarmedCluster.of(EngineKind.POSTGRES_XL);
        xl.ready("n2");
        Node proxy = World.node(NodeKind.GTM_PROXY, "proxy_1", "p1", 20001, "proxy");
        Node other = World.node(NodeKind.GTM_PROXY, "proxy_2", "p2", 20001, "proxy");
        Plan first = xl.planOf(add(proxy, on("n1")));
        Observation then = xl.seen().after(proxy, first);

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

    private static HostPort gtmOf(Plan plan) {
        return plan.steps().stream()
                .map(Step::action)
                .filter(action -> action instanceof Action.PrepareInstance)
                .map(action -> ((Action.PrepareInstance) action).spec().gtm().orElseThrow())
                .map(GtmAddress::contact)
                .findFirst()
                .orElseThrow();
    }
}
