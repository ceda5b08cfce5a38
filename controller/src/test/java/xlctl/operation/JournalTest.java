package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.plan.Action;
import xlctl.plan.Step;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.topology.NodeKind;

class JournalTest {
    private final World world = new World("h1");
    private Journal first;
    private Journal second;

    /** An operation that was left open before its first step had ended, read by two controllers. */
    @BeforeEach
    void leaveOneOpen() {
        world.agents().host("h1").failing(Request.Prepare.class).failing(Request.Discard.class);
        Operations controller = world.controller();
        controller.run(List.of(add(NodeKind.GTM, "gtm_1", "h1")), QUIET, new Cancellation());
        first = open();
        second = open();
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void onceAnotherTookTheOperationOverNothingMoreIsWritten() {
        second.nextAttempt(OperationHeader.State.RUNNING);
        Step untouched = first.plan().steps().get(1);
        Step commit = first.plan().steps().get(first.plan().commit().getAsInt());

        assertThatThrownBy(() -> first.begin(untouched)).isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> first.end(untouched, StepRecord.State.DONE, ""))
                .isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> first.commit(commit, ((Action.Commit) commit.action()).change()))
                .isInstanceOf(SupersededException.class)
                .hasMessageContaining("taken over by someone else");
        assertThatThrownBy(() -> first.finish(OperationHeader.State.DONE, ""))
                .isInstanceOf(SupersededException.class);
        assertThatThrownBy(() -> first.nextAttempt(OperationHeader.State.RUNNING))
                .isInstanceOf(SupersededException.class);
        assertThat(world.store().topology()).isEmpty();
        assertThat(world.store().nodeStates()).isEmpty();
        assertThat(world.store().steps(1).get(1).value()).isEqualTo(StepRecord.pending(1));
    }

    @Test
    void whoTookItOverWritesOn() {
        second.nextAttempt(OperationHeader.State.RUNNING);
        Step commit = second.plan().steps().get(second.plan().commit().getAsInt());

        assertThat(second.commit(commit, ((Action.Commit) commit.action()).change())).isEmpty();

        assertThat(second.committed()).isTrue();
        assertThat(second.topologyVersion()).isZero();
        assertThat(open().committed()).isTrue();
    }

    private Journal open() {
        return Journal.open(
                world.store(), Clock.systemUTC(), world.store().operation(1).orElseThrow());
    }
}
