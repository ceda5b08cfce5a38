package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.command.Targets;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.store.Versioned;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** Members that are started and stopped, and what is kept of operations. */
class OperationsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private static final InstanceName DATA_1 = new InstanceName(new NodeName("data_1"), 1);
    private final World world = new World("h1", "h2", "h3", "h4");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    @DisplayName("D28: servers end before those that they need")
    void stoppingGoesKindAfterKindAndReportsEachMemberThatFailed() {
        world.with(GTM, COORDINATOR, DATANODE, add(NodeKind.DATANODE, "data_2", "h4"));
        world.agents().cutOff("h4");

        Outcome outcome = run(List.of(new Command.Stop(Target.ALL, StopMode.FAST))).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems()).singleElement().asString().contains("stop data_2 on h4");
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.FAILED);
        assertThat(world.openOperations()).isEmpty();
        assertThat(world.agents().host("h1").instances()).containsValue(State.STOPPED);
        List<String> stopped = new ArrayList<>();
        world.agents()
                .requests(Request.Stop.class)
                .forEach(stop -> stopped.add(stop.instance().node().value()));
        assertThat(stopped.get(0)).isEqualTo("coord_1");
        assertThat(stopped.get(stopped.size() - 1)).isEqualTo("gtm_1");
    }

    @Test
    void startingAndKillingTakeEffectOnTheWholeCluster() {
        world.with(GTM, COORDINATOR, DATANODE);

        assertThat(run(List.of(new Command.Kill(Targets.of(NodeKind.DATANODE)))).get(0).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().host("h3").instances()).containsEntry(DATA_1, State.STOPPED);
        assertThat(run(List.of(new Command.Start(Target.ALL))).get(0).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().host("h3").instances()).containsEntry(DATA_1, State.UP);
    }

    @Test
    void everyStepIsJournalledWithItsAttemptAndTimes() {
        world.with(GTM);

        Map<Integer, Versioned<StepRecord>> steps = world.store().steps(1);
        assertThat(steps).hasSize(5);
        assertThat(steps.values())
                .allMatch(step -> step.value().state() == StepRecord.State.DONE)
                .allMatch(step -> step.value().attempt() == 1)
                .allMatch(step -> step.value().finished().isPresent());
    }

    @Test
    void anEndedOrUnknownOperationIsNeitherResumedNorRolledBack() {
        world.with(GTM);

        assertThat(controller.resume(1, QUIET, new Cancellation()).problems().toString())
                .contains("operation 1 has ended: it is done");
        assertThat(controller.rollback(7, QUIET, new Cancellation()).problems().toString())
                .contains("there is no operation 7");
    }

    @Test
    void onlyTheNewestOperationsAreKept() {
        world.with(GTM);
        Command start = new Command.Start(Target.ALL);
        for (int each = 0; each < Operations.KEPT + 5; each++) {
            controller.run(List.of(start), QUIET, new Cancellation());
        }

        assertThat(world.operations()).hasSize(Operations.KEPT);
        assertThat(world.operations().get(Operations.KEPT - 1).number())
                .isEqualTo(Operations.KEPT + 6L);
    }

    private List<Outcome> run(List<Command> commands) {
        return controller.run(commands, QUIET, new Cancellation());
    }
}
