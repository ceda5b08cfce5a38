package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;

/**
 * Takes ZooKeeper away in the middle of every plan, before each of its writes and requests: it does
 * not come back, or soon, with the same session or a new one, or with no record left; or each of
 * its answers takes seconds.
 */
@Tag("slow")
class StoreFaultTest {
    private static final Duration PROMPT = Duration.ZERO;
    private static final Duration SLOW = Duration.ofSeconds(3);

    /** Well before a controller gives ZooKeeper up. */
    private static final Duration RESTART = Duration.ofMillis(200);

    /** As many agents as may be asked at the same time. */
    private static final int AT_ONCE = 3;

    /** As many requests as one step may make before it is written down what came of it. */
    private static final int OF_A_STEP = 2;

    /** Emptied before this one, the store is that of a cluster that has yet to begin. */
    private static final int LOCKED = 3;

    /** What happens to a controller's session in the middle of a run. */
    @FunctionalInterface
    private interface Fault {
        void in(InMemoryRecordTree session, VirtualTime time);
    }

    /** One run of a scenario through a session to which something happens. */
    private static final class Trial implements AutoCloseable {
        private final Scenario scenario;
        private final World world;
        private final World.Picture before;
        private final VirtualTime time = new VirtualTime();
        private final InMemoryRecordTree session;
        private final AtomicInteger sentBefore = new AtomicInteger();

        Trial(Scenario scenario) {
            this.scenario = scenario;
            this.world = scenario.world();
            this.before = world.picture();
            this.session = world.session();
            world.waitBy(time);
        }

        List<Outcome> run(int at, Fault fault) {
            CrashPoint point =
                    CrashPoint.happening(
                            at,
                            () -> {
                                sentBefore.set(world.agents().requests().size());
                                // No time passes in the middle of it.
                                synchronized (time) {
                                    fault.in(session, time);
                                }
                            });
            return controller(point, PROMPT).run(scenario.asked(), QUIET, new Cancellation());
        }

        Operations controller(CrashPoint point, Duration answer) {
            return world.controller(
                    point.around(
                            new PatientSession(time, answer)
                                    .with(new SurroundedTree(session, Supplier::get, this::alone))),
                    point.around(world.agents()),
                    point.around(world.services()),
                    "first");
        }

        /**
         * Leaves no record in the store.
         *
         * @return the operations that were done before
         */
        List<Long> empty() {
            return alone(
                    () -> {
                        List<Long> done =
                                world.operations().stream()
                                        .filter(each -> !each.state().open())
                                        .map(OperationHeader::number)
                                        .toList();
                        world.emptyStore();
                        return done;
                    });
        }

        private synchronized <T> T alone(Supplier<T> work) {
            return work.get();
        }

        int sentSince() {
            return world.agents().requests().size() - sentBefore.get();
        }

        void assertDone(List<Outcome> outcomes) {
            assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
            assertThat(world.openOperations()).isEmpty();
            scenario.assertConsistent(world, before);
        }

        @Override
        public void close() {
            world.close();
        }
    }

    @TestFactory
    Stream<DynamicTest> stoppedForGoodNothingNewIsSentAndWhatIsOpenCanBeResumed() {
        return atEveryPoint(
                (scenario, at) -> {
                    try (Trial trial = new Trial(scenario)) {
                        Optional<List<Outcome>> outcomes =
                                unlessUnreachable(
                                        () -> trial.run(at, (session, time) -> session.suspend()));

                        assertThat(trial.sentSince()).isLessThanOrEqualTo(AT_ONCE);
                        outcomes.ifPresent(StoreFaultTest::assertResumable);
                        trial.session.close();
                        CrashTest.resumeAll(
                                trial.world.controller("second"),
                                scenario,
                                trial.world,
                                trial.before);
                        assertThat(trial.world.openOperations()).isEmpty();
                        scenario.assertConsistent(trial.world, trial.before);
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> restartedSoonItGoesOn() {
        return atEveryPoint(
                (scenario, at) -> {
                    try (Trial trial = new Trial(scenario)) {
                        trial.assertDone(
                                trial.run(
                                        at,
                                        (session, time) -> {
                                            session.suspend();
                                            time.after(RESTART, session::resume);
                                        }));
                    }
                });
    }

    /** The lock goes with the session: it is no fence, that is the version of the operation. */
    @TestFactory
    Stream<DynamicTest> restartedWithANewSessionItGoesOnOrHasNotBegun() {
        return atEveryPoint(
                (scenario, at) -> {
                    try (Trial trial = new Trial(scenario)) {
                        try {
                            trial.assertDone(
                                    trial.run(
                                            at,
                                            (session, time) -> {
                                                session.suspend();
                                                time.after(RESTART, session::expire);
                                            }));
                        } catch (StoreException.Stale e) {
                            assertThat(e).hasMessageContaining("/lock");
                            assertThat(trial.world.openOperations()).isEmpty();
                            assertThat(trial.world.picture()).isEqualTo(trial.before);
                        }
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> emptiedNothingIsWrittenIntoItAndNothingNewIsSent() {
        return atEveryPointFrom(
                LOCKED,
                (scenario, at) -> {
                    try (Trial trial = new Trial(scenario)) {
                        Set<Long> over = new HashSet<>();
                        Optional<List<Outcome>> outcomes =
                                unlessNothingWasWritten(
                                        () ->
                                                trial.run(
                                                        at,
                                                        (session, time) ->
                                                                over.addAll(trial.empty())));

                        assertThat(trial.sentSince()).isLessThanOrEqualTo(AT_ONCE * OF_A_STEP);
                        EmptiedStoreTest.assertNothingIsIn(trial.world);
                        scenario.assertKeyInUseIsLetIn(trial.world);
                        outcomes.ifPresent(each -> assertOverOrFailed(each, over));
                    }
                });
    }

    @TestFactory
    Stream<DynamicTest> slowItIsNotTakenForSilentAgents() {
        return Scenario.all().stream()
                .map(
                        scenario ->
                                DynamicTest.dynamicTest(
                                        scenario.toString(),
                                        () -> {
                                            try (Trial trial = new Trial(scenario)) {
                                                trial.assertDone(
                                                        trial.controller(CrashPoint.never(), SLOW)
                                                                .run(
                                                                        scenario.asked(),
                                                                        QUIET,
                                                                        new Cancellation()));
                                                assertThat(trial.time.nanoTime())
                                                        .isGreaterThan(
                                                                SLOW.multipliedBy(10).toNanos());
                                            }
                                        }));
    }

    /** Commands that had not begun say so, and those under way how to go on. */
    private static void assertResumable(List<Outcome> outcomes) {
        for (Outcome outcome : outcomes) {
            if (outcome.end() == Outcome.End.DONE || outcome.operation().isEmpty()) {
                continue;
            }
            assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
            assertThat(outcome.problems().toString())
                    .containsPattern(
                            "may still be open; once ZooKeeper answers: operation"
                                    + " (resume|rollback) "
                                    + outcome.operation().get());
        }
    }

    private static Optional<List<Outcome>> unlessUnreachable(Supplier<List<Outcome>> run) {
        try {
            return Optional.of(run.get());
        } catch (StoreException.Unreachable e) {
            assertThat(e).hasMessageContaining("connection");
            return Optional.empty();
        }
    }

    private static Optional<List<Outcome>> unlessNothingWasWritten(Supplier<List<Outcome>> run) {
        try {
            return Optional.of(run.get());
        } catch (StoreException e) {
            assertThat(e).hasMessageContaining("nothing was written");
            return Optional.empty();
        }
    }

    /** What the emptied store does not tell of is refused, what was begun has failed. */
    private static void assertOverOrFailed(List<Outcome> outcomes, Set<Long> over) {
        for (Outcome outcome : outcomes) {
            if (outcome.operation().isEmpty()) {
                assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
            } else if (over.contains(outcome.operation().get())) {
                assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
            } else {
                assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.FAILED);
                assertThat(outcome.problems().toString())
                        .containsAnyOf("which was emptied", "nothing was written");
            }
        }
    }

    /** What is tried at one point of a scenario. */
    @FunctionalInterface
    private interface AtPoint {
        void of(Scenario scenario, int at);
    }

    private static Stream<DynamicTest> atEveryPoint(AtPoint trial) {
        return atEveryPointFrom(1, trial);
    }

    /** Points come in pairs, before and after a write or request: after one is before the next. */
    private static Stream<DynamicTest> atEveryPointFrom(int first, AtPoint trial) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            int points = pointsOf(scenario);
            for (int point = first; point <= points; point += 2) {
                int at = point;
                tests.add(
                        DynamicTest.dynamicTest(
                                scenario + ", at " + at + " of " + points,
                                () -> trial.of(scenario, at)));
            }
        }
        return tests.stream();
    }

    private static int pointsOf(Scenario scenario) {
        CrashPoint none = CrashPoint.never();
        try (Trial trial = new Trial(scenario)) {
            trial.controller(none, PROMPT).run(scenario.asked(), QUIET, new Cancellation());
            return none.passed();
        }
    }
}
