package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.OperationHeader;
import xlctl.topology.NodeKind;

/** Somebody sets the clock of the shell's machine while an operation runs. */
class MovedClockTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");

    private final MovableClock clock = new MovableClock();
    private final World world = new World("h1", "h2").with(GTM);

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT24H", "PT24H"})
    void anOperationIsDoneAllTheSameAndNotesWhatTheClockSays(Duration shift) {
        world.tellTimeBy(clock);
        onStart(start -> clock.moveBy(shift));

        Outcome outcome = run();

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        OperationHeader header = world.store().operation(2).orElseThrow().value();
        assertThat(header.started()).isEqualTo(NOON);
        assertThat(header.finished()).contains(NOON.plus(shift));
        assertThat(world.store().lock()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT24H", "PT24H"})
    void aSilentAgentIsGivenUpNeitherLaterNorAtOnce(Duration shift) {
        VirtualTime time = new VirtualTime();
        world.tellTimeBy(clock);
        world.waitBy(time);
        world.limitSteps(Duration.ofSeconds(60));
        onStart(
                start -> {
                    world.agents().silence("h2");
                    clock.moveBy(shift);
                });

        Outcome outcome = run();

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(Duration.ofNanos(time.nanoTime()))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(70));
    }

    @Test
    void aLostZooKeeperIsWaitedForAsLongAsEver() {
        VirtualTime time = new VirtualTime();
        world.tellTimeBy(clock);
        world.waitBy(time);
        var session = world.session();
        onStart(
                start -> {
                    session.suspend();
                    time.after(Duration.ofMillis(250), session::resume);
                    clock.moveBy(Duration.ofDays(1));
                });

        Outcome outcome =
                world.controller(
                                new PatientSession(time, Duration.ZERO).with(session),
                                world.agents(),
                                "tester")
                        .run(List.of(COORDINATOR), QUIET, new Cancellation())
                        .get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
    }

    private Outcome run() {
        return world.controller().run(List.of(COORDINATOR), QUIET, new Cancellation()).get(0);
    }

    /** Once, when the new server is to be started. */
    private void onStart(Consumer<Request> then) {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                world.agents().onRequest(next -> {});
                                then.accept(request);
                            }
                        });
    }

    private static final class MovableClock extends Clock {
        private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

        void moveBy(Duration shift) {
            now.updateAndGet(before -> before.plus(shift));
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now.get();
        }
    }
}
