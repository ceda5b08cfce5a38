package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import xlctl.command.Command;
import xlctl.plan.Action;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.store.StepRecord;
import xlctl.store.Versioned;

/**
 * Crashes the controller before and after every write and request of every plan; another one then
 * finishes or undoes what was left, or crashes at that too. Before the commit point all is as it
 * was, after it as asked.
 */
class CrashTest {
    @Test
    void everyCommandThereIsHasAScenario() {
        Set<Class<?>> tried =
                Scenario.all().stream()
                        .flatMap(scenario -> scenario.asked().stream())
                        .map(Object::getClass)
                        .collect(Collectors.toSet());

        assertThat(tried).containsExactlyInAnyOrder(Command.class.getPermittedSubclasses());
    }

    @Test
    void everyActionThereIsIsCrashedInSomePlanOrItsRollback() {
        Set<Class<?>> done = new HashSet<>();
        for (Scenario scenario : Scenario.all()) {
            try (World world = scenario.world()) {
                world.controller().plan(scenario.asked()).stream()
                        .flatMap(each -> each.plan().orElseThrow().steps().stream())
                        .forEach(step -> done.add(step.action().getClass()));
            }
            fewOf(pointsWhere(CrashTest::hasOpenBeforeTheCommitPoint, scenario))
                    .forEach(point -> done.addAll(undoneAfter(point, scenario)));
        }

        assertThat(done).containsExactlyInAnyOrderElementsOf(records(Action.class));
    }

    /** What a rollback does to take back what a crash at the point left. */
    private static Set<Class<?>> undoneAfter(int point, Scenario scenario) {
        Set<Class<?>> undone = new HashSet<>();
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            crash(scenario, world, point);
            List<OperationHeader> open = world.openOperations();
            rollBackAll(world.controller("second"), scenario, world, before);
            for (OperationHeader each : open) {
                Map<Integer, Versioned<StepRecord>> steps = world.store().steps(each.number());
                Journal.planOf(world.store(), each.number()).steps().stream()
                        .filter(step -> isUndone(steps.get(step.number()).value()))
                        .flatMap(step -> step.undo().stream())
                        .forEach(undo -> undone.add(undo.getClass()));
            }
        }
        return undone;
    }

    private static boolean isUndone(StepRecord step) {
        return step.state() == StepRecord.State.UNDONE;
    }

    private static Set<Class<?>> records(Class<?> type) {
        return type.isSealed()
                ? Stream.of(type.getPermittedSubclasses())
                        .flatMap(each -> records(each).stream())
                        .collect(Collectors.toSet())
                : Set.of(type);
    }

    @TestFactory
    Stream<DynamicTest> resumedAfterACrashAnywhereItEndsAsAsked() {
        return atEveryPoint(Scenario.all(), CrashTest::resumeAll);
    }

    @TestFactory
    Stream<DynamicTest> rolledBackAfterACrashAnywhereItIsAsItWasUnlessPastTheCommitPoint() {
        return atEveryPoint(Scenario.all(), CrashTest::rollBackAll);
    }

    @TestFactory
    Stream<DynamicTest> aRemovalResumedAfterACrashSparesTablesThatCameBeforeItsCommitPoint() {
        List<Scenario> removal =
                Scenario.all().stream()
                        .filter(scenario -> scenario.name().equals("remove a datanode"))
                        .toList();
        return atEveryPoint(removal, CrashTest::resumeWithTables);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> aRollbackThatCrashesAnywhereIsRolledBackToTheEnd() {
        return atEveryPointOfTheSecond(
                CrashTest::hasOpenBeforeTheCommitPoint,
                CrashTest::rollBackAll,
                CrashTest::rollBackAll);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> aRollbackThatCrashesAnywhereIsFinishedByResuming() {
        return atEveryPointOfTheSecond(
                CrashTest::hasOpenBeforeTheCommitPoint,
                CrashTest::rollBackAll,
                CrashTest::resumeAll);
    }

    @TestFactory
    @Tag("slow")
    Stream<DynamicTest> aResumeThatCrashesAnywhereIsFinishedByResuming() {
        return atEveryPointOfTheSecond(
                CrashTest::hasOpen, CrashTest::resumeAll, CrashTest::resumeAll);
    }

    private static boolean hasOpen(World world) {
        return !world.openOperations().isEmpty();
    }

    private static boolean hasOpenBeforeTheCommitPoint(World world) {
        return hasOpen(world) && nothingIsCommitted(world);
    }

    /** Deals with what a crash left, given what was there before. */
    @FunctionalInterface
    private interface Recovery {
        void by(Operations controller, Scenario scenario, World world, World.Picture before);
    }

    private static Stream<DynamicTest> atEveryPoint(List<Scenario> scenarios, Recovery recovery) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            int points = pointsOf(scenario);
            assertThat(points).as("points of " + scenario.name()).isGreaterThan(4);
            for (int point = 1; point <= points; point++) {
                int at = point;
                tests.add(
                        DynamicTest.dynamicTest(
                                scenario + ", crash at " + at + " of " + points,
                                () -> crashAndRecover(scenario, at, recovery)));
            }
        }
        return tests.stream();
    }

    private static int pointsOf(Scenario scenario) {
        CrashPoint none = CrashPoint.never();
        try (World world = scenario.world()) {
            runToTheEnd(scenario, world, none);
            return none.passed();
        }
    }

    /** The points of a run that find the world so. */
    private static List<Integer> pointsWhere(Predicate<World> found, Scenario scenario) {
        List<Integer> points = Collections.synchronizedList(new ArrayList<>());
        try (World world = scenario.world()) {
            runToTheEnd(
                    scenario,
                    world,
                    CrashPoint.atEach(
                            point -> {
                                if (found.test(world)) {
                                    points.add(point);
                                }
                            }));
        }
        return points.stream().sorted().toList();
    }

    private static void runToTheEnd(Scenario scenario, World world, CrashPoint point) {
        World.Picture before = world.picture();
        List<Outcome> outcomes =
                controller(world, world.session(), point, "first")
                        .run(scenario.asked(), QUIET, new Cancellation());
        assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
        scenario.assertConsistent(world, before);
    }

    private static Operations controller(
            World world, RecordTree session, CrashPoint crash, String who) {
        return world.controller(
                crash.around(session),
                crash.around(world.agents()),
                crash.around(world.services()),
                who);
    }

    /** One in the middle and the last. */
    private static Set<Integer> fewOf(List<Integer> points) {
        return points.isEmpty()
                ? Set.of()
                : new TreeSet<>(
                        List.of(points.get(points.size() / 2), points.get(points.size() - 1)));
    }

    private static void crashAndRecover(Scenario scenario, int at, Recovery recovery) {
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            crash(scenario, world, at);
            recoverToTheEnd(recovery, world.controller("second"), scenario, world, before);
        }
    }

    private static void crash(Scenario scenario, World world, int at) {
        RecordTree session = world.session();
        Operations first = controller(world, session, new CrashPoint(at), "first");
        assertThatThrownBy(() -> first.run(scenario.asked(), QUIET, new Cancellation()))
                .isInstanceOf(CrashPoint.Crash.class);
        session.close();
        scenario.assertKeyInUseIsLetIn(world);
    }

    private static void recoverToTheEnd(
            Recovery recovery,
            Operations controller,
            Scenario scenario,
            World world,
            World.Picture before) {
        recovery.by(controller, scenario, world, before);
        assertThat(world.openOperations()).isEmpty();
        assertThat(world.store().lock()).isEmpty();
        scenario.assertConsistent(world, before);
    }

    /**
     * The first controller crashes at a few points, the second at each of its own, the third never.
     * Points come in pairs, before and after a write or request: after one is before the next.
     *
     * @param left what the first leaves
     */
    private static Stream<DynamicTest> atEveryPointOfTheSecond(
            Predicate<World> left, Recovery second, Recovery third) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : Scenario.all()) {
            for (int first : fewOf(pointsWhere(left, scenario))) {
                CrashPoint none = CrashPoint.never();
                crashTwiceAndRecover(scenario, first, second, none, third);
                for (int point = 1; point <= none.passed(); point += 2) {
                    int at = point;
                    tests.add(
                            DynamicTest.dynamicTest(
                                    scenario
                                            + ", crash at "
                                            + first
                                            + ", then at "
                                            + at
                                            + " of "
                                            + none.passed(),
                                    () ->
                                            crashTwiceAndRecover(
                                                    scenario,
                                                    first,
                                                    second,
                                                    new CrashPoint(at),
                                                    third)));
                }
            }
        }
        return tests.stream();
    }

    private static void crashTwiceAndRecover(
            Scenario scenario, int first, Recovery second, CrashPoint crash, Recovery third) {
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            crash(scenario, world, first);
            RecordTree session = world.session();
            Operations crashing = controller(world, session, crash, "second");
            try {
                second.by(crashing, scenario, world, before);
            } catch (CrashPoint.Crash e) {
                assertThat(crash.hit()).isTrue();
            }
            session.close();
            scenario.assertKeyInUseIsLetIn(world);
            recoverToTheEnd(third, world.controller("third"), scenario, world, before);
        }
    }

    static void resumeAll(
            Operations controller, Scenario scenario, World world, World.Picture before) {
        for (OperationHeader open : world.openOperations()) {
            Outcome outcome = controller.resume(open.number(), QUIET, new Cancellation());
            if (scenario.makesARole() && outcome.end() == Outcome.End.FAILED) {
                assertThat(outcome.problems().toString()).contains("is kept nowhere");
                continue;
            }
            assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
            assertThat(world.store().operation(open.number()).get().value().state())
                    .isEqualTo(
                            open.state() == OperationHeader.State.UNDOING
                                    ? OperationHeader.State.UNDONE
                                    : OperationHeader.State.DONE);
        }
    }

    private static void resumeWithTables(
            Operations controller, Scenario scenario, World world, World.Picture before) {
        boolean nothingCommitted = world.picture().nodes().equals(before.nodes());
        world.agents().host("h3").withTables("data_1", List.of("app.public.orders"));
        world.openOperations()
                .forEach(open -> controller.resume(open.number(), QUIET, new Cancellation()));
        if (nothingCommitted) {
            assertThat(world.picture()).isEqualTo(before);
        }
    }

    static void rollBackAll(
            Operations controller, Scenario scenario, World world, World.Picture before) {
        List<OperationHeader> open = new ArrayList<>(world.openOperations());
        Collections.reverse(open);
        boolean nothingCommitted = nothingIsCommitted(world);
        for (OperationHeader each : open) {
            Outcome outcome = controller.rollback(each.number(), QUIET, new Cancellation());
            OperationHeader.State now =
                    world.store().operation(each.number()).get().value().state();
            if (outcome.end() == Outcome.End.REFUSED) {
                assertThat(outcome.problems().get(0).what()).containsAnyOf("commit point", "first");
                assertThat(now.open()).isTrue();
            } else {
                assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
                assertThat(now).isEqualTo(OperationHeader.State.UNDONE);
            }
        }
        if (nothingCommitted) {
            assertThat(world.openOperations()).isEmpty();
            assertThat(world.picture()).isEqualTo(before);
        }
        resumeAll(controller, scenario, world, before);
    }

    private static boolean nothingIsCommitted(World world) {
        return world.operations().stream().noneMatch(each -> committed(world, each));
    }

    /** Whether an operation of the first controller is past its commit point. */
    private static boolean committed(World world, OperationHeader operation) {
        if (!operation.who().equals("first")) {
            return false;
        }
        OptionalInt commit = Journal.planOf(world.store(), operation.number()).commit();
        return commit.isEmpty()
                || world.store().steps(operation.number()).get(commit.getAsInt()).value().state()
                        == StepRecord.State.DONE;
    }
}
