package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.store.HeldInstance;
import xlctl.store.Lineage;
import xlctl.store.Presence;
import xlctl.store.StoreException;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** ZooKeeper loses the cluster's records while its servers run. */
class EmptiedStoreTest {
    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = World.add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = World.add(NodeKind.DATANODE, "data_1", "h3");

    static Stream<Arguments> requestsOfCommands() {
        return Stream.of(
                        requests(World.add(NodeKind.DATANODE, "data_2", "h4"), 6),
                        requests(World.remove(NodeKind.DATANODE, "data_1", Disposal.ERASE), 6),
                        requests(new Command.Stop(Target.ALL, StopMode.FAST), 3))
                .flatMap(requests -> requests);
    }

    private static Stream<Arguments> requests(Command command, int count) {
        return Stream.iterate(1, number -> number <= count, number -> number + 1)
                .map(number -> Arguments.of(command, number));
    }

    @ParameterizedTest(name = "{0}, at request {1}")
    @MethodSource("requestsOfCommands")
    void emptiedInTheMiddleNothingOfACommandIsWrittenAnyMore(Command command, int at) {
        try (World world = new World("h1", "h2", "h3", "h4")) {
            world.with(GTM, COORDINATOR, DATANODE);
            emptyAt(at, world);

            Optional<Outcome> outcome = run(world, command);

            assertThat(outcome.map(Outcome::end)).isNotEqualTo(Optional.of(Outcome.End.DONE));
            assertNothingIsIn(world);
        }
    }

    @ParameterizedTest(name = "at request {0}")
    @MethodSource("requests")
    void emptiedInTheMiddleOfAFirstAddNoClusterIsFounded(int at) {
        try (World world = new World("h1")) {
            emptyAt(at, world);

            Optional<Outcome> outcome = run(world, GTM);

            assertThat(outcome.map(Outcome::end)).isNotEqualTo(Optional.of(Outcome.End.DONE));
            assertNothingIsIn(world);
        }
    }

    static Stream<Integer> requests() {
        return Stream.of(1, 2, 3, 4);
    }

    @Test
    void whileAnAgentHoldsDataNoNewClusterIsBegun() {
        try (World world = new World("h1", "h2")) {
            world.store().change().createPresence(holding("h9", "data_7")).commit();

            Outcome outcome = run(world, GTM).orElseThrow();

            assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            assertThat(outcome.problems().toString())
                    .contains("no records of this cluster", "host h9 has data_7", "restore FILE");
            assertThat(world.agents().requests(xlctl.agent.api.Request.Prepare.class)).isEmpty();
            assertThat(world.store().topology()).isEmpty();
        }
    }

    @Test
    void anAgentThatHoldsNothingKeepsNobodyFromBeginning() {
        try (World world = new World("h1")) {
            world.store()
                    .change()
                    .createPresence(World.presence("h9", Optional.of(List.of())))
                    .createPresence(World.presence("h8", Optional.empty()))
                    .commit();

            assertThat(run(world, GTM).orElseThrow().end()).isEqualTo(Outcome.End.DONE);
        }
    }

    private static void emptyAt(int request, World world) {
        AtomicInteger seen = new AtomicInteger();
        world.agents()
                .onRequest(
                        each -> {
                            if (seen.incrementAndGet() == request) {
                                world.emptyStore();
                            }
                        });
    }

    /** Empty when it ended with a failure of the store itself. */
    private static Optional<Outcome> run(World world, Command command) {
        try {
            return Optional.of(
                    world.controller()
                            .run(List.of(command), World.QUIET, new Cancellation())
                            .get(0));
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("nothing was written");
            return Optional.empty();
        }
    }

    static void assertNothingIsIn(World world) {
        assertThat(world.store().topology()).isEmpty();
        assertThat(world.store().lineage()).isEmpty();
        assertThat(world.store().nodeStates()).isEmpty();
        assertThat(world.store().hosts()).isEmpty();
        assertThat(world.store().secrets()).isEmpty();
        assertThat(world.store().operations()).isEmpty();
    }

    private static Presence holding(String host, String node) {
        return World.presence(
                host,
                Optional.of(
                        List.of(
                                new HeldInstance(
                                        new InstanceName(new NodeName(node), 1),
                                        4,
                                        1,
                                        Optional.of(new Lineage("a cluster", "a life"))))));
    }
}
