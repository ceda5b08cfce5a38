package xlctl.shell.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import xlctl.topology.NodeName;

class RunningStepsTest {
    private static final Optional<NodeName> NODE = Optional.of(new NodeName("data_m_1"));

    private final RecordingConsole console = new RecordingConsole();
    private final AtomicLong clock = new AtomicLong();

    @Test
    void tellsWhatBeginsWhereNothingCanBeShown() {
        RunningSteps steps = new RunningSteps(console, clock::get);

        begin(steps, 1, "start data_m_1");
        steps.done(3, 1);

        assertThat(console.reported).containsExactly("[3] data_m_1: start data_m_1");
    }

    @Test
    void tellsTheEndOfWhatTookASecondWhereNothingCanBeShown() {
        RunningSteps steps = new RunningSteps(console, clock::get);

        begin(steps, 1, "start data_m_1");
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1000));
        steps.done(3, 1);

        assertThat(console.reported)
                .containsExactly(
                        "[3] data_m_1: start data_m_1", "[3] data_m_1: start data_m_1, 1.0 s");
    }

    @Test
    void tellsWhatHasEndedAndHowLongItTookWhereItWasShown() {
        console.shows = true;
        RunningSteps steps = new RunningSteps(console, clock::get);

        begin(steps, 1, "start data_m_1");
        steps.begun(3, 2, Optional.empty(), "wait for host h1");
        clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(1240));
        steps.progress(3, NODE, "pg_wal is copied");

        assertThat(console.reported).containsExactly("[3] data_m_1: pg_wal is copied");
        assertThat(steps.lines())
                .containsExactly(
                        "[3] data_m_1: start data_m_1 ... 1.2 s", "[3] wait for host h1 ... 1.2 s");
        clock.addAndGet(TimeUnit.SECONDS.toNanos(150));
        steps.done(3, 1);
        steps.done(3, 2);

        assertThat(console.reported)
                .containsExactly(
                        "[3] data_m_1: pg_wal is copied",
                        "[3] data_m_1: start data_m_1, 2 min 31 s");
        assertThat(steps.lines()).isEmpty();
        assertThat(steps.took(3)).contains("2 min 31 s");
        assertThat(steps.took(4)).isEmpty();
    }

    @Test
    void tellsNoTimeOfAStepThatFailed() {
        console.shows = true;
        RunningSteps steps = new RunningSteps(console, clock::get);

        begin(steps, 1, "start data_m_1");
        steps.progress(3, NODE, "start data_m_1 failed: no room");
        steps.failed(3, 1);

        assertThat(console.reported)
                .containsExactly("[3] data_m_1: start data_m_1 failed: no room");
        assertThat(steps.operations()).isEmpty();
    }

    private static void begin(RunningSteps steps, int step, String title) {
        steps.begun(3, step, NODE, title);
        steps.progress(3, NODE, title);
    }
}
