package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import xlctl.command.Command;
import xlctl.plan.Action;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.store.StepRecord;

/**
 * Crashes the controller before and after every write and request of every plan; another one then
 * finishes or undoes what was left. Before the commit point all is as it was, after it as asked.
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
    void everyActionThereIsIsCrashedInSomePlan() {
        Set<Class<?>> planned = new HashSet<>();
        for (Scenario scenario : Scenario.all()) {
            try (World world = scenario.world()) {
                world.controller().plan(scenario.asked()).stream()
                        .flatMap(each -> each.plan().orElseThrow().steps().stream())
                        .forEach(
                                step -> {
                                    planned.add(step.action().getClass());
                                    step.undo().ifPresent(undo -> planned.add(undo.getClass()));
                                });
            }
        }

        assertThat(planned).containsExactlyInAnyOrderElementsOf(records(Action.class));
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

    /** Deals with what a crash left, given what was there before. */
    @FunctionalInterface
    private interface Recovery {
        void in(Scenario scenario, World world, World.Picture before);
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
            World.Picture before = world.picture();
            RecordTree tree = none.around(world.session());
            List<Outcome> outcomes =
                    world.controller(
                                    tree,
                                    none.around(world.agents()),
                                    none.around(world.services()),
                                    "first")
                            .run(scenario.asked(), QUIET, new Cancellation());
            assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
            scenario.assertConsistent(world, before);
            return none.passed();
        }
    }

    private static void crashAndRecover(Scenario scenario, int at, Recovery recovery) {
        CrashPoint crash = new CrashPoint(at);
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            RecordTree session = world.session();
            Operations first =
                    world.controller(
                            crash.around(session),
                            crash.around(world.agents()),
                            crash.around(world.services()),
                            "first");
            assertThatThrownBy(() -> first.run(scenario.asked(), QUIET, new Cancellation()))
                    .isInstanceOf(CrashPoint.Crash.class);
            session.close();
            scenario.assertKeyInUseIsLetIn(world);
            recovery.in(scenario, world, before);
            assertThat(world.openOperations()).isEmpty();
            assertThat(world.store().lock()).isEmpty();
            scenario.assertConsistent(world, before);
        }
    }

    static void resumeAll(Scenario scenario, World world, World.Picture before) {
        Operations controller = world.controller("second");
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

    private static void resumeWithTables(Scenario scenario, World world, World.Picture before) {
        Operations controller = world.controller("second");
        boolean nothingCommitted = world.picture().nodes().equals(before.nodes());
        world.agents().host("h3").withTables("data_1", List.of("app.public.orders"));
        world.openOperations()
                .forEach(open -> controller.resume(open.number(), QUIET, new Cancellation()));
        if (nothingCommitted) {
            assertThat(world.picture()).isEqualTo(before);
        }
    }

    static void rollBackAll(Scenario scenario, World world, World.Picture before) {
        Operations controller = world.controller("second");
        List<OperationHeader> open = new ArrayList<>(world.openOperations());
        Collections.reverse(open);
        boolean nothingCommitted =
                world.operations().stream().noneMatch(each -> committed(world, each));
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
        resumeAll(scenario, world, before);
    }

    /** Whether an operation of the controller that crashed is past its commit point. */
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
