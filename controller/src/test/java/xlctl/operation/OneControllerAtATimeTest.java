package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeKind;

/** The lock of the cluster, and who goes on after somebody else took over. */
class OneControllerAtATimeTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private final World world = new World("h1", "h2");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void whoeverHasTheLockIsNamed() {
        world.with(GTM);
        LockHolder alice = new LockHolder("alice", "db9, process 7", "stop all", Instant.EPOCH);
        world.store().change().createLock(alice).commit();

        Outcome outcome = run(List.of(COORDINATOR)).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(outcome.problems().get(0).what())
                .isEqualTo(
                        "the cluster is being changed by alice from db9, process 7 since"
                                + " 1970-01-01T00:00:00Z: stop all");
        assertThat(controller.resume(1, QUIET, new Cancellation()).problems().toString())
                .contains("alice");
    }

    @Test
    void theLockOfADeadControllerGoesWithItsSession() {
        InMemoryRecordTree dead = world.session();
        new ClusterStore(dead, World.CLUSTER)
                .change()
                .createLock(new LockHolder("bob", "db1", "add", Instant.EPOCH))
                .commit();
        assertThat(run(List.of(GTM)).get(0).end()).isEqualTo(Outcome.End.REFUSED);
        dead.close();

        assertThat(run(List.of(GTM)).get(0).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void aLockOfWhichIsNotKnownWhetherItWasTakenIsGivenBackBeforeItIsTakenAgain() {
        AtomicBoolean loseAnswer = new AtomicBoolean(true);
        RecordTree session = world.session();
        Operations losing =
                world.controller(
                        losingAnAnswer(() -> session, loseAnswer), world.agents(), "tester");

        assertThatThrownBy(() -> losing.run(List.of(GTM), QUIET, new Cancellation()))
                .isInstanceOf(StoreException.Unreachable.class);
        assertThat(world.store().lock()).isPresent();

        assertThat(losing.run(List.of(GTM), QUIET, new Cancellation()).get(0).end())
                .isEqualTo(Outcome.End.DONE);
    }

    /** ZooKeeper keeps what a session had for a while after its client has another one. */
    @Test
    void aLockOfItsOwnFormerSessionIsLikeAnybodyElses() {
        InMemoryRecordTree former = world.session();
        AtomicReference<RecordTree> session = new AtomicReference<>(former);
        Operations losing =
                world.controller(
                        losingAnAnswer(session::get, new AtomicBoolean(true)),
                        world.agents(),
                        "tester");
        assertThatThrownBy(() -> losing.run(List.of(GTM), QUIET, new Cancellation()))
                .isInstanceOf(StoreException.Unreachable.class);
        session.set(world.session());

        assertThat(losing.run(List.of(GTM), QUIET, new Cancellation()).get(0).problems().toString())
                .contains("the cluster is being changed by tester");

        former.close();
        assertThat(losing.run(List.of(GTM), QUIET, new Cancellation()).get(0).end())
                .isEqualTo(Outcome.End.DONE);
    }

    @Test
    void whoLosesTheStoreWhileTakingBackIsToldToGoOnTakingBack() {
        leftOpen(List.of(GTM));
        InMemoryRecordTree session = world.session();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Discard) {
                                session.suspend();
                            }
                        });

        Outcome outcome =
                world.controller(session, world.agents(), "second")
                        .rollback(1, QUIET, new Cancellation());

        assertThat(outcome.problems().toString())
                .contains("once ZooKeeper answers: operation rollback 1");
        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
    }

    @Test
    void nothingThatNeedsAGtmIsAddedOnceTheAddOfTheGtmWasUndone() {
        leftOpen(List.of(GTM, COORDINATOR));
        world.agents().host("h1").failing(Request.Prepare.class);
        assertThat(controller.resume(1, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.FAILED);

        Outcome outcome = controller.resume(2, QUIET, new Cancellation());

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains("the cluster has no GTM, which a coordinator needs");
        assertThat(world.store().topology()).isEmpty();
        assertThat(world.headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
    }

    /** Their controller loses the store while the first members are prepared. */
    private void leftOpen(List<Command> commands) {
        InMemoryRecordTree session = world.session();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare) {
                                session.suspend();
                            }
                        });
        world.controller(session, world.agents(), "first").run(commands, QUIET, new Cancellation());
        session.expire();
        world.agents().onRequest(request -> {});
    }

    @Test
    void aPlanOfAnotherVersionIsRefusedAndLeftAsItIs() {
        leftOpen(List.of(GTM));
        OperationHeader header = world.store().operation(1).orElseThrow().value();
        OperationHeader newer =
                new OperationHeader(
                        2,
                        header.command(),
                        header.who(),
                        header.from(),
                        header.started(),
                        header.state(),
                        header.attempt(),
                        header.finished(),
                        header.result());
        world.store()
                .change()
                .createOperation(newer, "{\"later\":1}".getBytes(StandardCharsets.UTF_8), 1)
                .commit();

        assertThatThrownBy(() -> controller.planOf(2))
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining("the plan of operation 2")
                .hasMessageContaining("use the version of xlctl that began the operation");
    }

    @Test
    void twoControllersAtOnceDoNotMixTheirChanges() throws Exception {
        CountDownLatch preparing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare) {
                                preparing.countDown();
                                await(goOn);
                            }
                        });
        CompletableFuture<List<Outcome>> first =
                CompletableFuture.supplyAsync(() -> run(List.of(GTM)));
        await(preparing);

        Outcome second =
                world.controller("other").run(List.of(GTM), QUIET, new Cancellation()).get(0);
        goOn.countDown();

        assertThat(second.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(second.problems().toString())
                .contains("tester from here", "operation 1 is open");
        assertThat(first.get(10, TimeUnit.SECONDS).get(0).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void whoWasSupersededWritesNothingMore() throws Exception {
        CountDownLatch preparing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        InMemoryRecordTree session = world.session();
        Operations slow = world.controller(session, world.agents(), "slow");
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare prepare
                                    && prepare.key().attempt() == 1) {
                                preparing.countDown();
                                await(goOn);
                            }
                        });
        CompletableFuture<List<Outcome>> first =
                CompletableFuture.supplyAsync(
                        () -> slow.run(List.of(GTM), QUIET, new Cancellation()));
        await(preparing);
        session.expire();

        Outcome taken = world.controller("quick").resume(1, QUIET, new Cancellation());
        Versioned<OperationHeader> after = world.store().operation(1).get();
        goOn.countDown();
        Outcome superseded = first.get(10, TimeUnit.SECONDS).get(0);

        assertThat(taken.end()).isEqualTo(Outcome.End.DONE);
        assertThat(superseded.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(superseded.problems().toString()).contains("taken over by someone else");
        assertThat(world.store().operation(1)).contains(after);
        assertThat(world.agents().host("h1").instances()).containsValue(State.UP);
    }

    /** Between the records of two adds of one script. */
    @Test
    void whoWasSupersededBeforeAllWasBegunSaysWhatTheStoreSaid() {
        AtomicBoolean happened = new AtomicBoolean();
        for (int at = 1; at < 100 && !happened.get(); at++) {
            try (World shared = new World("h1", "h2")) {
                InMemoryRecordTree session = shared.session();
                Runnable takeOver =
                        () -> {
                            if (shared.openOperations().size() == 1) {
                                session.expire();
                                Operations other = shared.controller("other");
                                other.rollback(1, QUIET, new Cancellation());
                                other.run(List.of(GTM), QUIET, new Cancellation());
                                happened.set(true);
                            }
                        };
                Operations slow =
                        shared.controller(
                                CrashPoint.happening(at, takeOver).around(session),
                                shared.agents(),
                                "slow");
                Throwable thrown =
                        catchThrowable(
                                () ->
                                        slow.run(
                                                List.of(GTM, COORDINATOR),
                                                QUIET,
                                                new Cancellation()));
                if (happened.get()) {
                    assertThat(thrown).isInstanceOf(StoreException.class);
                    assertThat(shared.openOperations()).isEmpty();
                }
            }
        }
        assertThat(happened).isTrue();
    }

    /** The next write takes place, but its answer is lost. */
    private static RecordTree losingAnAnswer(Supplier<RecordTree> tree, AtomicBoolean next) {
        return (RecordTree)
                Proxy.newProxyInstance(
                        RecordTree.class.getClassLoader(),
                        new Class<?>[] {RecordTree.class},
                        (proxy, method, arguments) -> {
                            try {
                                Object result = method.invoke(tree.get(), arguments);
                                if (method.getName().equals("write") && next.getAndSet(false)) {
                                    throw new StoreException.Unreachable(
                                            "the answer is lost", null);
                                }
                                return result;
                            } catch (InvocationTargetException e) {
                                throw e.getCause();
                            }
                        });
    }

    private List<Outcome> run(List<Command> commands) {
        return controller.run(commands, QUIET, new Cancellation());
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
