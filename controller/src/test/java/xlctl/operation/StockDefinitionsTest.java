package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.remove;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.command.Targets;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** Whose definitions new members of the stock engine take, and when they may. */
class StockDefinitionsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command SECOND = add(NodeKind.COORDINATOR, "coord_2", "h3", 5433);
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private static final Command ANOTHER = add(NodeKind.DATANODE, "data_2", "h4");

    private final World world = new World("h1", "h2", "h3", "h4");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void theFirstDatanodeCopiesFromACoordinatorLaterOnesFromADatanode() {
        run(GTM, COORDINATOR);

        run(DATANODE);
        run(ANOTHER);
        run(SECOND);

        assertThat(sources())
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("data_1", "h2:5432", "data_2", "h3:5432", "coord_2", "h2:5432"));
        assertThat(world.agents().host("h2").ddlLockHolders()).isEmpty();
    }

    @Test
    void inOneScriptDefinitionsAreCopiedOnlyFromWhatIsInTheTopology() {
        Map<String, List<String>> thereAtCopy = new ConcurrentHashMap<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.CopyDefinitions copy) {
                                thereAtCopy.put(copy.instance().node().value(), nodes());
                            }
                        });

        run(GTM, COORDINATOR, DATANODE, ANOTHER);

        assertThat(thereAtCopy.get("data_1")).containsExactly("gtm_1", "coord_1");
        assertThat(thereAtCopy.get("data_2")).containsExactly("gtm_1", "coord_1", "data_1");
        assertThat(sources()).containsEntry("data_2", "h3:5432");
    }

    @Test
    void inOneScriptEveryPlaceIsPreparedBeforeTheWaiting() {
        CountDownLatch prepared = new CountDownLatch(1);
        AtomicBoolean inTime = new AtomicBoolean();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare prepare
                                    && prepare.instance().node().value().equals("data_2")) {
                                prepared.countDown();
                            }
                            if (request instanceof Request.CopyDefinitions copy
                                    && copy.instance().node().value().equals("data_1")) {
                                inTime.set(passed(prepared));
                            }
                        });

        run(GTM, COORDINATOR, DATANODE, ANOTHER);

        assertThat(inTime).as("data_2 is prepared while data_1 takes its definitions").isTrue();
    }

    @Test
    void aDatanodeThatRunsIsPreferredAsASource() {
        run(GTM, COORDINATOR, DATANODE, ANOTHER);
        run(new Command.Kill(Targets.named(new NodeName("data_1"))));

        run(add(NodeKind.DATANODE, "data_3", "h1", 5433));

        assertThat(sources()).containsEntry("data_3", "h4:5432");
    }

    @Test
    void withDatanodesOfWhichNoneRunsNoDatanodeIsAdded() {
        run(GTM, COORDINATOR, DATANODE);
        run(new Command.Kill(Targets.of(NodeKind.DATANODE)));

        assertThat(refusal(ANOTHER))
                .containsExactly(
                        "no datanode runs from which a new one could take its definitions: data_1"
                                + " (start datanode all)");
        run(SECOND);
    }

    @Test
    void whileTheGtmDoesNotRunNothingIsAddedOrRemoved() {
        run(GTM, COORDINATOR, DATANODE);
        run(new Command.Kill(Targets.of(NodeKind.GTM)));
        String refusal =
                "the GTM gtm_1 does not run, so changes of definitions cannot be kept out meanwhile"
                        + " (start gtm all)";

        assertThat(refusal(ANOTHER)).containsExactly(refusal);
        assertThat(refusal(SECOND)).containsExactly(refusal);
        assertThat(refusal(remove(NodeKind.DATANODE, "data_1", Disposal.KEEP)))
                .containsExactly(refusal);
    }

    @Test
    void theLastCoordinatorStaysWhileADatanodeHoldsTables() {
        run(GTM, COORDINATOR, SECOND, DATANODE);
        world.agents().host("h3").withTables("data_1", List.of("postgres.public.t"));

        run(remove(NodeKind.COORDINATOR, "coord_2", Disposal.ERASE));

        assertThat(refusal(remove(NodeKind.COORDINATOR, "coord_1", Disposal.ERASE)))
                .containsExactly(
                        "datanode data_1 holds 1 table of users: postgres.public.t (move or drop"
                                + " these tables first)");
    }

    private static boolean passed(CountDownLatch latch) {
        try {
            return latch.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void run(Command... commands) {
        assertThat(controller.run(List.of(commands), QUIET, new Cancellation()))
                .as("outcomes")
                .allMatch(outcome -> outcome.end() == Outcome.End.DONE);
    }

    private List<String> refusal(Command command) {
        List<Outcome> outcomes = controller.run(List.of(command), QUIET, new Cancellation());
        return outcomes.get(0).problems().stream().map(Object::toString).toList();
    }

    private Map<String, String> sources() {
        return world.agents().requests(Request.CopyDefinitions.class).stream()
                .collect(
                        Collectors.toMap(
                                copy -> copy.instance().node().value(),
                                copy -> copy.source().toString()));
    }

    private List<String> nodes() {
        return world.store().topology().stream()
                .flatMap(topology -> topology.value().nodes().stream())
                .map(Node::name)
                .map(Object::toString)
                .toList();
    }
}
