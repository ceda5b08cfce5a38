package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.command.Targets;
import xlctl.store.OperationHeader;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** Commands that are given as one list: what of it is done when one of them fails. */
class AddsTogetherTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private final World world = new World("h1", "h2", "h3", "h4", "h5", "h6", "h7");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void sevenAddsAreDoneTogetherAndCommittedInTheirOrder() {
        List<Outcome> outcomes = run(sevenAdds());

        assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
        assertThat(outcomes)
                .extracting(outcome -> outcome.operation().get())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(world.nodes())
                .containsExactly(
                        "gtm_1", "coord_1", "data_1", "coord_2", "data_2", "coord_3", "data_3");
        assertThat(world.agents().hosts())
                .allMatch(host -> host.instances().containsValue(State.UP))
                .allMatch(host -> host.applied() == 6);
        assertThat(world.operations())
                .allMatch(operation -> operation.state() == OperationHeader.State.DONE);
    }

    @Test
    @DisplayName("D7: a step that fails ends its command, and nothing of it is on record")
    void whenTheFifthOfSevenFailsFourStayAndThreeAreUndone() {
        world.agents().host("h5").failing(Request.Start.class);

        List<Outcome> outcomes = run(sevenAdds());

        assertThat(outcomes.subList(0, 4)).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
        assertThat(outcomes.subList(4, 7)).allMatch(outcome -> outcome.end() == Outcome.End.FAILED);
        assertThat(outcomes.get(4).problems().toString()).contains("Start went wrong", "mend it");
        assertThat(outcomes.get(5).problems().toString())
                .contains("undone because this failed: add datanode master data_2");
        assertThat(outcomes.get(6).problems().toString())
                .contains("undone because this failed: add datanode master data_2");
        assertThat(world.nodes()).containsExactly("gtm_1", "coord_1", "data_1", "coord_2");
        for (String host : List.of("h5", "h6", "h7")) {
            assertThat(world.agents().host(host).instances()).isEmpty();
        }
        assertThat(world.openOperations()).isEmpty();
        assertThat(world.store().lock()).isEmpty();
    }

    @Test
    void tellsOfEachStepThatItBeginsAndHowItEnds() {
        world.agents().host("h5").failing(Request.Start.class);
        Steps steps = new Steps();

        world.controller().run(sevenAdds(), steps, new Cancellation());

        assertThat(steps.done).isNotEmpty();
        assertThat(steps.failed).hasSize(1);
        assertThat(steps.begun)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(steps.done.stream(), steps.failed.stream()).toList());
    }

    @Test
    void whenTheThirdCannotBePlannedThoseBeforeItAreDoneAndTheRestNotBegun() {
        List<Command> commands =
                List.of(GTM, COORDINATOR, add(NodeKind.DATANODE, "data_1", "nowhere"), DATANODE);

        List<Outcome> outcomes = run(commands);

        assertThat(outcomes)
                .extracting(Outcome::end)
                .containsExactly(
                        Outcome.End.DONE,
                        Outcome.End.DONE,
                        Outcome.End.REFUSED,
                        Outcome.End.REFUSED);
        assertThat(outcomes.get(2).problems().toString()).contains("nowhere is not registered");
        assertThat(outcomes.get(3).problems().toString()).contains("not begun because");
        assertThat(world.nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.agents().host("h3").instances()).isEmpty();
    }

    @Test
    void theFirstFailureEndsTheListAcrossGroups() {
        world.with(GTM, COORDINATOR, DATANODE);

        List<Outcome> outcomes =
                run(
                        List.of(
                                new Command.Stop(
                                        Targets.named(new NodeName("data_9")), StopMode.FAST),
                                new Command.Stop(Target.ALL, StopMode.FAST)));

        assertThat(outcomes)
                .extracting(Outcome::end)
                .containsExactly(Outcome.End.REFUSED, Outcome.End.REFUSED);
        assertThat(world.agents().host("h1").instances()).containsValue(State.UP);
    }

    @Test
    void aDryRunPlansAddsOnEachOtherAndChangesNothing() {
        assertThat(controller.plan(List.of(GTM, COORDINATOR, DATANODE)))
                .allMatch(planned -> planned.plan().isPresent());
        assertThat(controller.plan(List.of(COORDINATOR)).get(0).problems().toString())
                .contains("no GTM yet");
        assertThat(world.operations()).isEmpty();
        assertThat(world.store().secrets()).isEmpty();
        assertThat(world.agents().requests())
                .allMatch(request -> request instanceof Request.Reading);
    }

    private List<Outcome> run(List<Command> commands) {
        return controller.run(commands, QUIET, new Cancellation());
    }

    private static List<Command> sevenAdds() {
        return List.of(
                GTM,
                COORDINATOR,
                DATANODE,
                add(NodeKind.COORDINATOR, "coord_2", "h4"),
                add(NodeKind.DATANODE, "data_2", "h5"),
                add(NodeKind.COORDINATOR, "coord_3", "h6"),
                add(NodeKind.DATANODE, "data_3", "h7"));
    }

    private static final class Steps implements Listener {
        final List<String> begun = new CopyOnWriteArrayList<>();
        final List<String> done = new CopyOnWriteArrayList<>();
        final List<String> failed = new CopyOnWriteArrayList<>();

        @Override
        public void progress(long operation, Optional<NodeName> node, String text) {}

        @Override
        public void begun(long operation, int step, Optional<NodeName> node, String title) {
            begun.add(operation + "/" + step);
        }

        @Override
        public void done(long operation, int step) {
            done.add(operation + "/" + step);
        }

        @Override
        public void failed(long operation, int step) {
            failed.add(operation + "/" + step);
        }
    }
}
