package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.remove;
import static xlctl.plan.ObservedCluster.titles;
import static xlctl.plan.ObservedCluster.up;

import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.HostPort;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/** GTM proxies, and the nodes that reach the GTM through them. */
class GtmProxyPlanTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRES_XL);

    @Test
    void aProxyIsRefusedWhereTheEngineHasNone() {
        ObservedCluster stock = ObservedCluster.empty(EngineKind.POSTGRESQL);
        stock.have(GTM);
        Node proxy = node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001);
        stock.hasRoomFor(proxy);

        assertThat(stock.reasons(new Command.AddNode(proxy)))
                .containsExactly(
                        "a gtm_proxy cannot be added: the engine postgresql has none (coordinators"
                                + " and datanodes reach the GTM directly)");
    }

    @Test
    void onePlaceNeedsOneProxyOnly() {
        cluster.have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h1", 20001));
        cluster.answering(cluster.report("h3"));
        Node another = node(NodeKind.GTM_PROXY, "proxy_2", "h3", 20001);
        cluster.hasRoomFor(another);

        assertThat(Planner.plan(new Command.AddNode(another), cluster.seen()).problems()).isEmpty();
        cluster.place("h1", "machine-1");
        cluster.place("h3", "machine-2");
        assertThat(Planner.plan(new Command.AddNode(another), cluster.seen()).problems()).isEmpty();
        cluster.place("h3", "machine-1");
        assertThat(cluster.reasons(new Command.AddNode(another)))
                .containsExactly(
                        "host h3 runs in one place with h1, which has a GTM proxy, proxy_1 (one is"
                                + " enough for all nodes of a place)");
    }

    @Test
    void theNodesOfAProxysPlaceStartAnewToReachTheGtmThroughIt() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        cluster.answering(cluster.report("h1"));
        cluster.answering(cluster.report(hostOf(COORDINATOR), up(COORDINATOR.name() + ".1")));
        cluster.answering(cluster.report(hostOf(DATANODE), up(DATANODE.name() + ".1")));
        Node proxy = node(NodeKind.GTM_PROXY, "proxy_1", hostOf(DATANODE), 20001);
        cluster.hasRoomFor(proxy);
        String why = ", so that it reaches the GTM through proxy_1";

        assertThat(titles(cluster.planOf(new Command.AddNode(proxy))))
                .contains("stop data_1 on h3" + why)
                .doesNotContain("stop coord_1 on h2" + why);
        cluster.place(hostOf(COORDINATOR), "machine-1");
        cluster.place(hostOf(DATANODE), "machine-1");
        assertThat(titles(cluster.planOf(new Command.AddNode(proxy))))
                .containsSubsequence(
                        "stop data_1 on h3" + why,
                        "start data_1 on h3 again",
                        "stop coord_1 on h2" + why,
                        "start coord_1 on h2 again");

        cluster.have(proxy);
        cluster.answering(
                cluster.report(hostOf(DATANODE), up(DATANODE.name() + ".1"), up("proxy_1.1")));
        cluster.place(hostOf(DATANODE), "machine-1");
        assertThat(titles(cluster.planOf(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE))))
                .contains("stop coord_1 on h2, so that it leaves proxy_1");
        cluster.answering(cluster.report(hostOf(COORDINATOR)));
        cluster.place(hostOf(COORDINATOR), "machine-1");
        assertThat(cluster.reasons(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE)))
                .singleElement()
                .asString()
                .contains("coord_1 could not");
    }

    @Test
    void aProxyIsRemovedOnlyWhileItAndTheNodesOfItsHostAreUp() {
        Command removal = remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.KEEP);
        cluster.have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));
        cluster.answering(cluster.report("h3"));

        assertThat(cluster.planOf(removal).stages()).isNotEmpty();

        cluster.have(COORDINATOR, DATANODE);
        String refusal =
                "the nodes that proxy_1 serves leave it by a restart, for which it and they must be"
                        + " up: data_1 could not (first: start proxy_1 data_1)";
        cluster.answering(cluster.report("h3", up("data_1.1")));
        assertThat(cluster.reasons(removal)).containsExactly(refusal);
        cluster.answering(cluster.report("h3", up("proxy_1.1")));
        assertThat(cluster.reasons(removal)).containsExactly(refusal);

        cluster.answering(cluster.report("h3", up("proxy_1.1"), up("data_1.1")));
        assertThat(titles(cluster.planOf(removal)))
                .contains("stop data_1 on h3, so that it leaves proxy_1");
    }

    @Test
    void aNewNodeIsToldOfTheProxyOfItsPlace() {
        cluster.have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h2", 20001), COORDINATOR);
        cluster.answering(cluster.report("h2", up(COORDINATOR.name() + ".1")));
        cluster.answering(cluster.report("h3"));
        cluster.place("h2", "machine-1");
        cluster.place("h3", "machine-1");

        Action.PrepareInstance prepare =
                (Action.PrepareInstance)
                        cluster.planOf(new Command.AddNode(DATANODE)).steps().get(0).action();
        assertThat(prepare.spec().gtm().orElseThrow().proxy()).contains(HostPort.parse("h2:20001"));
    }

    private static String hostOf(Node node) {
        return node.instances().get(0).host().value();
    }
}
