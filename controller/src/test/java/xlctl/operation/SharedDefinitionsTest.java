package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.remove;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/** Operations on engines whose nodes all have the same definitions. */
class SharedDefinitionsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");

    private final World world = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3", "h4");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void inOneScriptAServerStartsOnlyWhenItsGtmAndItsCoordinatorAreInTheTopology() {
        Map<String, List<String>> thereAtStart = new ConcurrentHashMap<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start start) {
                                thereAtStart.put(start.instance().node().value(), nodes());
                            }
                        });

        run(GTM, COORDINATOR, DATANODE);

        assertThat(thereAtStart.get("coord_1")).containsExactly("gtm_1");
        assertThat(thereAtStart.get("data_1")).containsExactly("gtm_1", "coord_1");
    }

    @Test
    void inOneScriptAPlaceIsProbedForTheClusterAsItWillBe() {
        run(GTM, COORDINATOR);

        assertThat(world.agents().requests(Request.ProbePlace.class))
                .filteredOn(probe -> probe.spec().kind() == NodeKind.COORDINATOR)
                .allMatch(probe -> probe.spec().gtm().isPresent());
    }

    @Test
    void aStartThatWaitsForAnotherCommandIsUndoneWhenThatOneFails() {
        world.agents().host("h1").failing(Request.Start.class);

        List<Outcome> outcomes =
                controller.run(List.of(GTM, COORDINATOR, DATANODE), QUIET, new Cancellation());

        assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.FAILED);
        assertThat(world.agents().requests(Request.Start.class)).hasSize(1);
        assertThat(world.agents().hosts()).allMatch(host -> host.instances().isEmpty());
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void ddlIsKeptOutFromTheCopyToTheLastHostThatTakesNote() {
        run(GTM, COORDINATOR);
        List<String> held = new CopyOnWriteArrayList<>();
        world.agents()
                .onRequest(
                        request -> {
                            boolean locked = !world.agents().host("h2").ddlLockHolders().isEmpty();
                            held.add(request.getClass().getSimpleName() + " " + locked);
                        });

        run(DATANODE);

        assertThat(held)
                .contains(
                        "Prepare false",
                        "CopyDefinitions true",
                        "Start true",
                        "AwaitConvergence true",
                        "UnlockDdl true");
        assertThat(world.agents().host("h2").ddlLockHolders()).isEmpty();
    }

    @Test
    @DisplayName("D8: a DDL lock that was not held undoes what relied on it")
    void anAddWhoseDdlLockWasLostIsUndoneBeforeItIsKnownToAnyone() {
        run(GTM, COORDINATOR);
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                world.agents().host("h2").loseDdlLocks();
                            }
                        });

        List<Outcome> outcomes = controller.run(List.of(DATANODE), QUIET, new Cancellation());

        assertThat(outcomes.get(0).end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcomes.get(0).problems().toString()).contains("DDL was not kept out");
        assertThat(nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.agents().host("h3").instances()).isEmpty();
    }

    @Test
    void aProxyThatIsAddedLaterRestartsTheNodesOfItsHostAndNoOthers() {
        Command neighbour = add(NodeKind.COORDINATOR, "coord_2", "h3", 5433);
        run(GTM, COORDINATOR, DATANODE, neighbour);
        int before = world.agents().requests(Request.Stop.class).size();

        run(add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));

        List<Request.Stop> stops = world.agents().requests(Request.Stop.class);
        assertThat(stops.subList(before, stops.size()))
                .extracting(stop -> stop.instance().node().value())
                .containsExactly("data_1", "coord_2");
        assertThat(world.agents().host("h3").instances()).hasSize(3).containsValue(State.UP);
        assertThat(world.agents().host("h3").instances().values()).containsOnly(State.UP);
    }

    @Test
    void inOneScriptAProxyRestartsTheNodesOfItsHostThatCameBeforeIt() {
        run(GTM, COORDINATOR, DATANODE, add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));

        assertThat(world.agents().requests(Request.Stop.class))
                .extracting(stop -> stop.instance().node().value())
                .containsExactly("data_1");
    }

    @Test
    void inOneScriptNothingIsAddedByACoordinatorThatAProxyRestarts() {
        run(GTM, COORDINATOR, add(NodeKind.GTM_PROXY, "proxy_1", "h2", 20001), DATANODE);

        List<Request> requests = world.agents().requests();
        Request.Stop restart = world.agents().requests(Request.Stop.class).get(0);
        List<Request.LockDdl> locks = world.agents().requests(Request.LockDdl.class);
        assertThat(restart.instance().node().value()).isEqualTo("coord_1");
        assertThat(requests.indexOf(restart))
                .isLessThan(requests.indexOf(locks.get(locks.size() - 1)));
    }

    @Test
    void aNodeBesideAProxyIsPreparedToUseIt() {
        run(GTM, COORDINATOR, add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));

        run(DATANODE);

        assertThat(
                        world.agents()
                                .requests(Request.Prepare.class)
                                .get(3)
                                .spec()
                                .gtm()
                                .orElseThrow()
                                .contact())
                .hasToString("h3:20001");
    }

    @Test
    void theLastCoordinatorIsRemovedUnderItsOwnLock() {
        run(GTM, COORDINATOR);

        run(remove(NodeKind.COORDINATOR, "coord_1", Disposal.ERASE));

        assertThat(nodes()).containsExactly("gtm_1");
        assertThat(world.agents().requests(Request.LockDdl.class)).hasSize(1);
        assertThat(world.agents().host("h2").ddlLockHolders()).isEmpty();
    }

    private void run(Command... commands) {
        assertThat(controller.run(List.of(commands), QUIET, new Cancellation()))
                .as("outcomes")
                .allMatch(outcome -> outcome.end() == Outcome.End.DONE);
    }

    private List<String> nodes() {
        return world.store().topology().stream()
                .flatMap(topology -> topology.value().nodes().stream())
                .map(Node::name)
                .map(Object::toString)
                .toList();
    }
}
