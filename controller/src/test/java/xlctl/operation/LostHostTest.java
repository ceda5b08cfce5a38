package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.remove;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.SqlName;

/** A host that is gone for good in the middle of an operation: it is ended without it. */
class LostHostTest {
    private static final HostName GONE = new HostName("h3");
    private static final Command ROTATE = new Command.RotatePasswords();
    private static final Command LOST =
            new Command.RemoveLost(NodeKind.DATANODE, new NodeName("data_1"));

    private final World world = new World("h1", "h2", "h3");

    @AfterEach
    void close() {
        world.close();
    }

    /** Whoever does it goes on and sees it. */
    @TestFactory
    Stream<DynamicTest> whereverTheHostDiesTheOperationIsEndedAndTheClusterIsOpenToChanges() {
        return commands().flatMap(asked -> atEveryPoint(asked, LostHostTest::dies));
    }

    /** Whoever does it is gone, too. */
    @Tag("slow")
    @TestFactory
    Stream<DynamicTest> itIsEndedByAnotherAfterACrashAnywhere() {
        return commands().flatMap(asked -> atEveryPoint(asked, LostHostTest::crashes));
    }

    private static Stream<Command> commands() {
        return Stream.of(
                ROTATE,
                new Command.RotateKeys(),
                add(NodeKind.DATANODE, "data_2", "h3", 5433),
                remove(NodeKind.DATANODE, "data_1", Disposal.ERASE),
                new Command.CreateDatabase(
                        Optional.empty(), new SqlName("shop"), Optional.empty()));
    }

    /** Lets it happen at a point of a command. */
    @FunctionalInterface
    private interface Accident {
        void in(World world, Command asked, int point);
    }

    private static Stream<DynamicTest> atEveryPoint(Command asked, Accident accident) {
        CrashPoint none = CrashPoint.never();
        try (World world = cluster(new World("h1", "h2", "h3"), asked)) {
            run(world, none, "first", asked);
        }
        assertThat(none.passed()).isGreaterThan(20);
        List<DynamicTest> tests = new ArrayList<>();
        for (int point = 1; point <= none.passed(); point++) {
            int at = point;
            tests.add(
                    DynamicTest.dynamicTest(
                            asked + ", at " + at + " of " + none.passed(),
                            () -> {
                                try (World world = cluster(new World("h1", "h2", "h3"), asked)) {
                                    world.waitBy(new VirtualTime());
                                    accident.in(world, asked, at);
                                    assertEnded(world);
                                }
                            }));
        }
        return tests.stream();
    }

    private static void dies(World world, Command asked, int point) {
        run(world, CrashPoint.happening(point, () -> world.agents().forget(GONE)), "first", asked);
    }

    private static void crashes(World world, Command asked, int point) {
        assertThatThrownBy(() -> run(world, new CrashPoint(point), "first", asked))
                .isInstanceOf(CrashPoint.Crash.class);
        world.agents().forget(GONE);
    }

    /** By what an operator is told to do, and without the host. */
    private static void assertEnded(World world) {
        for (OperationHeader open : world.openOperations()) {
            Outcome outcome = resume(world, open.number(), Set.of(GONE));
            if (outcome.end() == Outcome.End.REFUSED) {
                assertThat(outcome.problems().toString())
                        .contains("operation rollback " + open.number() + " --lost h3");
                outcome = rollback(world, open.number(), Set.of(GONE));
            }
            assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
        }
        for (NodeName lost : List.of(new NodeName("data_1"), new NodeName("data_2"))) {
            if (world.store().topology().orElseThrow().value().node(lost).isPresent()) {
                assertThat(run(world, new Command.RemoveLost(NodeKind.DATANODE, lost)).problems())
                        .isEmpty();
            }
        }
        assertThat(world.nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.agents().hosts()).allMatch(host -> host.ddlLockHolders().isEmpty());
        assertThat(PasswordsTest.turnedAway(world)).isEmpty();
        world.register("h4");
        assertThat(run(world, add(NodeKind.DATANODE, "data_3", "h4")).problems()).isEmpty();
    }

    @Test
    void theRemedyNamesTheHostAndWhatIsLeftIsTold() {
        cluster(world, ROTATE);
        dieAt(2);

        Outcome outcome = run(world, ROTATE);

        assertThat(outcome.problems().toString())
                .contains(
                        "operation 4 could not be undone and stays open (operation rollback 4; where"
                                + " a host is gone for good: operation rollback 4 --lost h3)");
        assertThat(run(world, LOST).problems().toString())
                .contains("operation rollback 4 --lost h3");

        Outcome ended = rollback(world, 4, Set.of(GONE));

        assertThat(ended.end()).isEqualTo(Outcome.End.DONE);
        assertThat(ended.notices())
                .singleElement()
                .asString()
                .contains("host h3 is lost", "remove ... --lost", "rotate passwords");
        assertThat(world.headerOf(ended).result()).contains("host h3 is lost");
        assertThat(world.headerOf(ended).state()).isEqualTo(OperationHeader.State.UNDONE);
    }

    /** It uses what was to come, and is the only one that does. */
    @Test
    void aHostThatComesBackFitsAgainAfterAnotherRotation() {
        cluster(world, ROTATE);
        AtomicInteger ofCoordinator = new AtomicInteger();
        AtomicInteger ofDatanode = new AtomicInteger();
        world.agents()
                .onRequest(
                        request -> {
                            if (isOf("data_1", request) && ofDatanode.incrementAndGet() == 2) {
                                world.agents().host("h3").failing(Request.TakeSecrets.class);
                            }
                            if (isOf("coord_1", request) && ofCoordinator.incrementAndGet() == 3) {
                                world.agents().cutOff("h2");
                            }
                        });
        run(world, ROTATE);
        world.agents().host("h3").heal();
        assertThat(rollback(world, 4, Set.of(new HostName("h2"))).end())
                .isEqualTo(Outcome.End.DONE);

        world.agents().bringBack("h2");

        assertThat(PasswordsTest.turnedAway(world))
                .anyMatch(each -> each.startsWith("coord_1.1 at data_1.1"));
        assertThat(run(world, ROTATE).end()).isEqualTo(Outcome.End.DONE);
        assertThat(PasswordsTest.turnedAway(world)).isEmpty();
    }

    private static boolean isOf(String node, Request request) {
        return request instanceof Request.TakeSecrets take
                && take.instance().node().value().equals(node);
    }

    @Test
    void aHostThatIsLostPastTheCommitPointIsGivenUpByResuming() {
        cluster(world, ROTATE);
        failLast();
        assertThat(run(world, ROTATE).problems().toString()).contains("operation resume 4");
        world.agents().host("h3").heal();
        world.agents().cutOff("h3");

        assertThat(rollback(world, 4, Set.of(GONE)).problems().toString())
                .contains("past its commit point");
        assertThat(resume(world, 4, Set.of(GONE)).end()).isEqualTo(Outcome.End.DONE);
        assertThat(run(world, LOST).end()).isEqualTo(Outcome.End.DONE);
        assertThat(PasswordsTest.turnedAway(world)).isEmpty();
    }

    @Test
    void aHostWhoseAgentIsHeardOfIsNotLost() {
        cluster(world, ROTATE);
        dieAt(2);
        run(world, ROTATE);
        world.agents().bringBack("h3");

        assertThat(rollback(world, 4, Set.of(GONE)).problems().toString())
                .contains("host h3 is not lost: its agent answers", "operation rollback 4;");
        world.comeUp(GONE);
        world.agents().cutOff("h3");
        assertThat(rollback(world, 4, Set.of(GONE)).problems().toString())
                .contains("host h3 is not lost: its agent is connected to ZooKeeper");
        assertThat(world.openOperations()).hasSize(1);
    }

    @Test
    void aHostThatTheOperationAsksNothingOfIsRefused() {
        cluster(world, ROTATE);
        dieAt(2);
        run(world, ROTATE);

        assertThat(rollback(world, 4, Set.of(new HostName("h9"))).problems().toString())
                .contains("asks nothing of host h9", "it is about h1, h2, h3");
    }

    @Test
    void theHostsThatAreThereMustStillDoTheirPart() {
        cluster(world, ROTATE);
        dieAt(2);
        run(world, ROTATE);
        world.agents().cutOff("h2");

        Outcome outcome = rollback(world, 4, Set.of(GONE));

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString())
                .contains(
                        "(operation rollback 4 --lost h3; where a host is gone for good: operation"
                                + " rollback 4 --lost h2 h3)");
        world.agents().bringBack("h2");
        assertThat(rollback(world, 4, Set.of(GONE)).end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.openOperations()).isEmpty();
    }

    /** What data_1 is asked for past the commit point fails. */
    private void failLast() {
        AtomicInteger seen = new AtomicInteger();
        world.agents()
                .onRequest(
                        request -> {
                            if (isOf("data_1", request) && seen.incrementAndGet() == 3) {
                                world.agents().host("h3").failing(Request.TakeSecrets.class);
                            }
                        });
    }

    /** When this many were sent passwords the host is away. */
    private void dieAt(int count) {
        AtomicInteger seen = new AtomicInteger();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.TakeSecrets
                                    && seen.incrementAndGet() == count) {
                                world.agents().cutOff("h3");
                            }
                        });
    }

    private static World cluster(World world, Command asked) {
        if (asked instanceof Command.RotateKeys) {
            var unused = world.agents().ownKey();
        }
        return world.with(
                add(NodeKind.GTM, "gtm_1", "h1"),
                add(NodeKind.COORDINATOR, "coord_1", "h2"),
                add(NodeKind.DATANODE, "data_1", "h3"));
    }

    private static Outcome run(World world, Command command) {
        return world.controller().run(List.of(command), QUIET, new Cancellation()).get(0);
    }

    private static void run(World world, CrashPoint point, String who, Command command) {
        RecordTree session = world.session();
        try {
            world.controller(
                            point.around(session),
                            point.around(world.agents()),
                            point.around(world.services()),
                            who)
                    .run(List.of(command), QUIET, new Cancellation());
        } finally {
            session.close();
        }
    }

    private static Outcome resume(World world, long number, Set<HostName> lost) {
        return world.controller("second").resume(number, lost, QUIET, new Cancellation());
    }

    private static Outcome rollback(World world, long number, Set<HostName> lost) {
        return world.controller("second").rollback(number, lost, QUIET, new Cancellation());
    }
}
