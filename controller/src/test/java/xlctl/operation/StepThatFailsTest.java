package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.remove;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.session.FakeHost;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.OperationHeader;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** A step that fails before the commit point or after it, and agents that are lost meanwhile. */
class StepThatFailsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private static final InstanceName DATA_1 = new InstanceName(new NodeName("data_1"), 1);
    private final World world = new World("h1", "h2", "h3");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @ParameterizedTest
    @ValueSource(classes = {Request.Prepare.class, Request.Start.class, Request.Inspect.class})
    void whatFailsBeforeTheCommitPointIsUndone(Class<? extends Request> kind) {
        world.with(GTM, COORDINATOR);
        World.Picture before = world.picture();
        FakeHost host = world.agents().host("h3");
        CountDownLatch planned = new CountDownLatch(1);
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare && planned.getCount() > 0) {
                                planned.countDown();
                                host.failing(kind);
                            }
                        });

        List<Outcome> outcomes = run(List.of(DATANODE));

        assertThat(outcomes.get(0).end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcomes.get(0).problems().toString()).contains(kind.getSimpleName());
        assertThat(world.picture()).isEqualTo(before);
        assertThat(world.headerOf(outcomes.get(0)).state()).isEqualTo(OperationHeader.State.UNDONE);
    }

    @Test
    @DisplayName("D5: what is refused is given up, and what is there stays")
    void whatAnAgentRefusedToPrepareIsNotErasedByTheUndo() {
        world.with(GTM, COORDINATOR);
        FakeHost host = world.agents().host("h3");
        host.runs(DATA_1);
        host.failing(
                Request.Prepare.class,
                Reply.Failed.refused("the agent of h3 has data_1 already", "remove it there"));

        Outcome outcome = run(List.of(DATANODE)).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().toString()).contains("has data_1 already");
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertThat(world.agents().requests(Request.Discard.class)).isEmpty();
        assertThat(host.instances()).containsEntry(DATA_1, State.UP);
    }

    @Test
    void aHostThatRefusesToTakeNoteLeavesTheOperationStuckUntilItIsResumed() {
        world.with(GTM);
        world.agents().host("h1").failing(Request.AwaitConvergence.class);

        Outcome outcome = run(List.of(COORDINATOR)).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains(
                        "AwaitConvergence went wrong",
                        "past its commit point",
                        "operation resume 2");
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.STUCK);
        assertThat(controller.rollback(2, QUIET, new Cancellation()).problems().toString())
                .contains("past its commit point");
        assertThat(run(List.of(DATANODE)).get(0).problems().toString())
                .contains("operation 2 is open", "operation resume 2");

        world.agents().host("h1").heal();
        assertThat(controller.resume(2, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.openOperations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {Request.Stop.class, Request.Discard.class})
    void whatFailsWhileRemovingIsFinishedByResuming(Class<? extends Request> kind) {
        world.with(GTM, COORDINATOR, DATANODE);
        world.agents().host("h3").failing(kind);

        Outcome outcome = run(List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(world.nodes()).containsExactly("gtm_1", "coord_1");
        world.agents().host("h3").heal();
        long number = outcome.operation().get();
        assertThat(controller.resume(number, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().host("h3").instances()).isEmpty();
    }

    @Test
    void aRemovalGoneOnWithLaterLooksForTablesAgain() {
        world.with(GTM, COORDINATOR, DATANODE);
        Command removal = remove(NodeKind.DATANODE, "data_1", Disposal.ERASE);
        InMemoryRecordTree session = world.session();
        Operations cutOff = world.controller(session, world.agents(), "tester");
        AtomicInteger looks = new AtomicInteger();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.ListUserTables
                                    && looks.incrementAndGet() == 2) {
                                session.suspend();
                            }
                        });
        assertThat(cutOff.run(List.of(removal), QUIET, new Cancellation()).get(0).end())
                .isEqualTo(Outcome.End.UNREACHABLE);
        session.expire();
        world.agents().host("h3").withTables("data_1", List.of("app.public.orders"));

        Outcome resumed = controller.resume(4, QUIET, new Cancellation());

        assertThat(resumed.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(resumed.problems().toString())
                .contains("data_1 holds 1 table of users: app.public.orders");
        assertThat(world.nodes()).contains("data_1");
        assertThat(world.agents().host("h3").instances()).containsEntry(DATA_1, State.UP);
        assertThat(world.openOperations()).isEmpty();
    }

    @Test
    void aHostThatIsAwayIsANoticeNotAFailure() {
        world.with(GTM, DATANODE);
        world.agents().cutOff("h3");

        Outcome outcome = run(List.of(COORDINATOR)).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.DONE);
        assertThat(outcome.notices()).singleElement().asString().contains("h3", "when it is back");
        assertThat(world.nodes()).contains("coord_1");
    }

    @Test
    void anAgentLostBeforeTheCommitPointLeavesAnOperationThatIsUndoneLater() {
        world.with(GTM, COORDINATOR);
        World.Picture before = world.picture();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                world.agents().cutOff("h3");
                            }
                        });

        Outcome outcome = run(List.of(DATANODE)).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString())
                .contains("h3 is not reached", "could not be undone", "operation rollback 3");
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDOING);
        world.agents().bringBack("h3");
        assertThat(controller.rollback(3, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    void anAgentLostLateInALongStepIsGivenTimeToComeBack() {
        world.with(GTM);
        List<Request> starts = new ArrayList<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                starts.add(request);
                                if (starts.size() == 1) {
                                    longerThanAnAgentIsWaitedFor().join();
                                    world.agents().cutOff("h2");
                                } else {
                                    world.agents().bringBack("h2");
                                }
                            }
                        });

        assertThat(run(List.of(COORDINATOR)).get(0).end()).isEqualTo(Outcome.End.DONE);
        assertThat(starts).hasSize(2);
    }

    @Test
    void whileZooKeeperIsAwayNothingIsSentAndTheOperationStaysOpen() {
        InMemoryRecordTree session = world.session();
        Operations cutOff = world.controller(session, world.agents(), "tester");
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare) {
                                session.suspend();
                            }
                        });

        Outcome outcome = cutOff.run(List.of(GTM), QUIET, new Cancellation()).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString()).contains("operation resume 1");
        assertThat(world.agents().requests(Request.Start.class)).isEmpty();
        session.expire();
        assertThat(controller.resume(1, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
    }

    private List<Outcome> run(List<Command> commands) {
        return controller.run(commands, QUIET, new Cancellation());
    }

    private static CompletableFuture<Void> longerThanAnAgentIsWaitedFor() {
        return new CompletableFuture<Void>().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS);
    }
}
