package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.remove;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.session.FakeHost;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.store.StepRecord;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.ServerRole;

class OperationsTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");
    private static final InstanceName DATA_1 = new InstanceName(new NodeName("data_1"), 1);

    private final World world = new World("h1", "h2", "h3", "h4", "h5", "h6", "h7");
    private final Operations controller = world.controller();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void sevenAddsAreDoneTogetherAndCommittedInTheirOrder() {
        List<Outcome> outcomes = run(sevenAdds());

        assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
        assertThat(outcomes)
                .extracting(outcome -> outcome.operation().get())
                .containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
        assertThat(nodes())
                .containsExactly(
                        "gtm_1", "coord_1", "data_1", "coord_2", "data_2", "coord_3", "data_3");
        assertThat(world.agents().hosts())
                .allMatch(host -> host.instances().containsValue(State.UP))
                .allMatch(host -> host.applied() == 6);
        assertThat(world.operations())
                .allMatch(operation -> operation.state() == OperationHeader.State.DONE);
    }

    @Test
    @DisplayName("D7: a step that fails ends its command, and nothing of it is on record")
    void whenTheFifthOfSevenFailsFourStayAndThreeAreUndone() {
        world.agents().host("h5").failing(Request.Start.class);

        List<Outcome> outcomes = run(sevenAdds());

        assertThat(outcomes.subList(0, 4)).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
        assertThat(outcomes.subList(4, 7)).allMatch(outcome -> outcome.end() == Outcome.End.FAILED);
        assertThat(outcomes.get(4).problems().toString()).contains("Start went wrong", "mend it");
        assertThat(outcomes.get(5).problems().toString())
                .contains("undone because this failed: add datanode master data_2");
        assertThat(outcomes.get(6).problems().toString())
                .contains("undone because this failed: add datanode master data_2");
        assertThat(nodes()).containsExactly("gtm_1", "coord_1", "data_1", "coord_2");
        for (String host : List.of("h5", "h6", "h7")) {
            assertThat(world.agents().host(host).instances()).isEmpty();
        }
        assertThat(world.openOperations()).isEmpty();
        assertThat(world.store().lock()).isEmpty();
    }

    @Test
    void tellsOfEachStepThatItBeginsAndHowItEnds() {
        world.agents().host("h5").failing(Request.Start.class);
        Steps steps = new Steps();

        world.controller().run(sevenAdds(), steps, new Cancellation());

        assertThat(steps.done).isNotEmpty();
        assertThat(steps.failed).hasSize(1);
        assertThat(steps.begun)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(steps.done.stream(), steps.failed.stream()).toList());
    }

    private static final class Steps implements Listener {
        final List<String> begun = new CopyOnWriteArrayList<>();
        final List<String> done = new CopyOnWriteArrayList<>();
        final List<String> failed = new CopyOnWriteArrayList<>();

        @Override
        public void progress(long operation, Optional<NodeName> node, String text) {}

        @Override
        public void begun(long operation, int step, Optional<NodeName> node, String title) {
            begun.add(operation + "/" + step);
        }

        @Override
        public void done(long operation, int step) {
            done.add(operation + "/" + step);
        }

        @Override
        public void failed(long operation, int step) {
            failed.add(operation + "/" + step);
        }
    }

    @Test
    void whenTheThirdCannotBePlannedThoseBeforeItAreDoneAndTheRestNotBegun() {
        List<Command> commands =
                List.of(GTM, COORDINATOR, add(NodeKind.DATANODE, "data_1", "nowhere"), DATANODE);

        List<Outcome> outcomes = run(commands);

        assertThat(outcomes)
                .extracting(Outcome::end)
                .containsExactly(
                        Outcome.End.DONE,
                        Outcome.End.DONE,
                        Outcome.End.REFUSED,
                        Outcome.End.REFUSED);
        assertThat(outcomes.get(2).problems().toString()).contains("nowhere is not registered");
        assertThat(outcomes.get(3).problems().toString()).contains("not begun because");
        assertThat(nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.agents().host("h3").instances()).isEmpty();
    }

    @Test
    void theFirstFailureEndsTheListAcrossGroups() {
        world.with(GTM, COORDINATOR, DATANODE);

        List<Outcome> outcomes =
                run(
                        List.of(
                                new Command.Stop(
                                        Target.named(new NodeName("data_9")), StopMode.FAST),
                                new Command.Stop(Target.ALL, StopMode.FAST)));

        assertThat(outcomes)
                .extracting(Outcome::end)
                .containsExactly(Outcome.End.REFUSED, Outcome.End.REFUSED);
        assertThat(world.agents().host("h1").instances()).containsValue(State.UP);
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
        assertThat(headerOf(outcomes.get(0)).state()).isEqualTo(OperationHeader.State.UNDONE);
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
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
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
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.STUCK);
        assertThat(controller.rollback(2, QUIET, new Cancellation()).problems().toString())
                .contains("past its commit point");
        assertThat(run(List.of(DATANODE)).get(0).problems().toString())
                .contains("operation 2 is open", "operation resume 2");

        world.agents().host("h1").heal();
        assertThat(controller.resume(2, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(nodes()).containsExactly("gtm_1", "coord_1");
        assertThat(world.openOperations()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(classes = {Request.Stop.class, Request.Discard.class})
    void whatFailsWhileRemovingIsFinishedByResuming(Class<? extends Request> kind) {
        world.with(GTM, COORDINATOR, DATANODE);
        world.agents().host("h3").failing(kind);

        Outcome outcome = run(List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(nodes()).containsExactly("gtm_1", "coord_1");
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
        assertThat(nodes()).contains("data_1");
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
        assertThat(nodes()).contains("coord_1");
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
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDOING);
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
    void aLockOfWhichIsNotKnownWhetherItWasTakenIsGivenBackBeforeItIsTakenAgain() {
        AtomicBoolean loseAnswer = new AtomicBoolean(true);
        Operations losing =
                world.controller(
                        losingAnAnswer(world.session(), loseAnswer), world.agents(), "tester");

        assertThatThrownBy(() -> losing.run(List.of(GTM), QUIET, new Cancellation()))
                .isInstanceOf(StoreException.Unreachable.class);
        assertThat(world.store().lock()).isPresent();

        assertThat(losing.run(List.of(GTM), QUIET, new Cancellation()).get(0).end())
                .isEqualTo(Outcome.End.DONE);
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

    @Test
    void aCancelledAddIsUndone() {
        world.with(GTM);
        World.Picture before = world.picture();
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                cancellation.fire();
                                cancellation.fire();
                            }
                        });

        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("cancelled");
        assertThat(world.picture()).isEqualTo(before);
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
    }

    @Test
    void cancellingDoesNotWaitForASilentAgent() {
        world.with(GTM);
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start start
                                    && start.instance().node().value().equals("coord_1")) {
                                world.agents().silence("h2");
                                new Thread(cancellation::fire, "operator").start();
                            }
                            if (request instanceof Request.Discard) {
                                world.agents().bringBack("h2");
                            }
                        });

        long began = System.nanoTime();
        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(8);
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertThat(world.agents().host("h2").instances()).isEmpty();
    }

    @Test
    void anOperationCancelledPastItsCommitPointIsResumable() {
        world.with(GTM);
        Cancellation cancellation = new Cancellation();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.AwaitConvergence) {
                                cancellation.fire();
                                world.agents().silence("h1");
                                world.agents().silence("h2");
                            }
                        });

        Outcome outcome = controller.run(List.of(COORDINATOR), QUIET, cancellation).get(0);

        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.STUCK);
        assertThat(outcome.problems().toString()).contains("operation resume 2");
        world.agents().onRequest(request -> {});
        world.agents().bringBack("h1");
        world.agents().bringBack("h2");
        assertThat(controller.resume(2, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
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

    @Test
    @DisplayName("D28: servers end before those that they need")
    void stoppingGoesKindAfterKindAndReportsEachMemberThatFailed() {
        world.with(GTM, COORDINATOR, DATANODE, add(NodeKind.DATANODE, "data_2", "h4"));
        world.agents().cutOff("h4");

        Outcome outcome = run(List.of(new Command.Stop(Target.ALL, StopMode.FAST))).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems()).singleElement().asString().contains("stop data_2 on h4");
        assertThat(headerOf(outcome).state()).isEqualTo(OperationHeader.State.FAILED);
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

        assertThat(run(List.of(new Command.Kill(Target.of(NodeKind.DATANODE)))).get(0).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().host("h3").instances()).containsEntry(DATA_1, State.STOPPED);
        assertThat(run(List.of(new Command.Start(Target.ALL))).get(0).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.agents().host("h3").instances()).containsEntry(DATA_1, State.UP);
    }

    @Test
    void passwordsThatAreGoneAreNotReplacedBesideServersThatHaveThem() {
        world.with(GTM);
        World other = new World("h1", "h2");
        other.store().change().createTopology(world.store().topology().get().value()).commit();

        Outcome outcome =
                other.controller().run(List.of(COORDINATOR), QUIET, new Cancellation()).get(0);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("its passwords are gone from ZooKeeper");
        assertThat(other.store().secrets()).isEmpty();
        assertThat(other.agents().requests(Request.Prepare.class)).isEmpty();
        other.close();
    }

    @Test
    void allButTheGtmGetTheInternalPasswordAndTheClientsVerifier() {
        world.with(GTM, COORDINATOR, DATANODE);

        for (Request.Prepare prepare : world.agents().requests(Request.Prepare.class)) {
            boolean node = prepare.spec().kind().inCatalog();
            assertThat(prepare.secrets().outgoing().containsKey(ServerRole.INTERNAL))
                    .isEqualTo(node);
            assertThat(prepare.secrets().verifiers().containsKey(ServerRole.CLIENT))
                    .isEqualTo(node);
            assertThat(prepare.secrets().verifiers())
                    .containsKeys(ServerRole.SUPERUSER, ServerRole.INTERNAL, ServerRole.MONITOR);
        }
    }

    @Test
    void nodesOfPostgresXlGetThePasswordsAsWhichTheyReachEachOther() {
        World xl = new World(EngineKind.POSTGRES_XL, "h1", "h2", "h3");
        xl.with(GTM, COORDINATOR, DATANODE);

        for (Request.Prepare prepare : xl.agents().requests(Request.Prepare.class)) {
            Set<ServerRole> roles = prepare.secrets().outgoing().keySet();
            if (prepare.spec().kind().inCatalog()) {
                assertThat(roles)
                        .containsExactlyInAnyOrder(
                                ServerRole.SUPERUSER, ServerRole.MONITOR, ServerRole.CLIENT);
                assertThat(prepare.secrets().verifiers().get(ServerRole.CLIENT).value())
                        .startsWith("md5");
            } else {
                assertThat(roles).isEmpty();
                assertThat(prepare.secrets().verifiers()).isEmpty();
            }
        }
        xl.close();
    }

    @Test
    void noSecretIsInTheJournal() {
        world.with(GTM, COORDINATOR);
        String secret = world.store().secrets().get().value().internal().reveal();

        for (OperationHeader operation : world.operations()) {
            String plan =
                    new String(world.store().plan(operation.number()), StandardCharsets.UTF_8);
            assertThat(plan).contains("prepare").doesNotContain(secret);
            assertThat(plan).doesNotContain("SCRAM-SHA-256");
            assertThat(world.store().steps(operation.number()).toString()).doesNotContain(secret);
        }
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

    @Test
    void aDryRunPlansAddsOnEachOtherAndChangesNothing() {
        assertThat(controller.plan(List.of(GTM, COORDINATOR, DATANODE)))
                .allMatch(planned -> planned.plan().isPresent());
        assertThat(controller.plan(List.of(COORDINATOR)).get(0).problems().toString())
                .contains("no GTM yet");
        assertThat(world.operations()).isEmpty();
        assertThat(world.store().secrets()).isEmpty();
        assertThat(world.agents().requests())
                .allMatch(request -> request instanceof Request.Reading);
    }

    private static CompletableFuture<Void> longerThanAnAgentIsWaitedFor() {
        return new CompletableFuture<Void>().completeOnTimeout(null, 500, TimeUnit.MILLISECONDS);
    }

    /** The next write takes place, but its answer is lost. */
    private static RecordTree losingAnAnswer(RecordTree tree, AtomicBoolean next) {
        return (RecordTree)
                Proxy.newProxyInstance(
                        RecordTree.class.getClassLoader(),
                        new Class<?>[] {RecordTree.class},
                        (proxy, method, arguments) -> {
                            try {
                                Object result = method.invoke(tree, arguments);
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

    private static List<Command> sevenAdds() {
        return List.of(
                GTM,
                COORDINATOR,
                DATANODE,
                add(NodeKind.COORDINATOR, "coord_2", "h4"),
                add(NodeKind.DATANODE, "data_2", "h5"),
                add(NodeKind.COORDINATOR, "coord_3", "h6"),
                add(NodeKind.DATANODE, "data_3", "h7"));
    }

    private List<String> nodes() {
        return world.store().topology().get().value().nodes().stream()
                .map(node -> node.name().value())
                .toList();
    }

    private OperationHeader headerOf(Outcome outcome) {
        Optional<Long> number = outcome.operation();
        return world.store().operation(number.orElseThrow()).orElseThrow().value();
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
