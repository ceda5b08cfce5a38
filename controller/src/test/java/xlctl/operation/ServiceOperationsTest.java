package xlctl.operation;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.inService;
import static xlctl.operation.World.remove;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.plan.Planned;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.swarm.DockerException;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** Members that are services, from the command to what is there afterwards. */
class ServiceOperationsTest {
    private static final HostName S1 = new HostName("s1");
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command DATANODE = inService(add(NodeKind.DATANODE, "data_1", "s1"));
    private static final Command BESIDE = inService(add(NodeKind.DATANODE, "data_2", "s1", 5433));
    private static final Command ERASE = remove(NodeKind.DATANODE, "data_1", Disposal.ERASE);

    private final World world =
            new World(
                    EngineKind.POSTGRESQL,
                    Networks.plain(List.of(new Cidr("10.0.0.0/24")), List.of()),
                    "h1");
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final World.Picture before = world.with(GTM).picture();

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void aHostIsRegisteredWithTheKeyThatItsAgentHasInZooKeeper() {
        assertThat(run(DATANODE).end()).isEqualTo(Outcome.End.DONE);

        HostRecord record = world.store().hosts().get(S1).value();
        assertThat(record.hostKey()).isEqualTo("ssh-ed25519 s1");
        assertThat(record.agent()).hasToString("s1:7422");
        assertThat(record.service()).contains("test_s1");
        assertThat(world.services().services().get(S1).constraints())
                .containsExactly("node.hostname==swarm-1");
        assertThat(told).contains("waiting for the agent of s1");
    }

    @Test
    void aPlanThatIsOnlyShownMakesNothing() {
        List<Planned> planned = world.controller().plan(List.of(DATANODE, BESIDE));

        assertThat(planned).allMatch(each -> each.plan().isPresent());
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    void whatIsCertainlyInTheWayOfATaskIsToldAndNothingIsLeft() {
        world.services().troubled("s1", "no suitable node (scheduling constraints not satisfied)");

        Outcome outcome = run(DATANODE);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains("service test_s1 does not come up: no suitable node", "mend that");
        assertThat(told)
                .contains(
                        "s1 is not up yet: no suitable node (scheduling constraints not"
                                + " satisfied)");
        assertUndone();
    }

    @Test
    void aTaskThatEndsAgainAndAgainIsAsCertainAsOneThatNeverRuns() {
        world.services().endingAgainAndAgain("s1", "it ended 3 times");

        assertThat(run(DATANODE).problems().toString())
                .contains("service test_s1 does not come up: it ended 3 times");
        assertUndone();
    }

    @Test
    void anAgentThatNeverComesIsWaitedForNoLongerThanAStepMayTake() {
        world.services().onTasks(host -> {}, host -> {});
        world.limitSteps(Duration.ofMillis(500));

        Outcome outcome = run(DATANODE);

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertThat(outcome.problems().toString())
                .contains(
                        "the agent of service test_s1 was not connected to ZooKeeper within",
                        "docker service ps --no-trunc test_s1");
        assertUndone();
    }

    @Test
    void thatDockerDoesNotAnswerMeanwhileIsNoTroubleOfTheService() {
        world.services()
                .onTasks(
                        host ->
                                CompletableFuture.delayedExecutor(1, SECONDS)
                                        .execute(() -> world.comeUp(host)),
                        host -> {});
        world.services()
                .failing(
                        "trouble",
                        DockerException.Kind.UNREACHABLE,
                        Problem.of("Docker is silent", ""));

        assertThat(run(DATANODE).end()).isEqualTo(Outcome.End.DONE);
    }

    @Test
    void cancellingEndsTheWaitAtOnceAndNothingIsLeft() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        world.services().onTasks(host -> {}, host -> {});
        Listener hears =
                (operation, node, text) -> {
                    if (text.startsWith("waiting for")) {
                        waiting.countDown();
                    }
                };
        Cancellation cancellation = new Cancellation();
        Operations controller = world.controller();
        CompletableFuture<List<Outcome>> running =
                CompletableFuture.supplyAsync(
                        () -> controller.run(List.of(DATANODE), hears, cancellation));
        assertThat(waiting.await(10, SECONDS)).isTrue();

        cancellation.fire();

        Outcome outcome = running.get(3, SECONDS).get(0);
        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains("cancelled while waiting for the agent of host s1");
        assertUndone();
    }

    @Test
    void anAgentThatIsNotReachedWhereItSaysItIsIsNotRegistered() {
        world.agents().cutOff("s1");

        Outcome outcome = run(DATANODE);

        assertThat(outcome.end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertUndone();
    }

    @Test
    void aHostThatSomeoneElseRegistersMeanwhileStaysTheirs() {
        world.services().onTasks(host -> world.register("s1"), host -> {});

        Outcome outcome = run(DATANODE);

        assertThat(outcome.problems().toString())
                .contains("host s1 was registered by someone else in the meantime");
        assertThat(world.store().hosts()).containsKey(S1);
        assertThat(world.services().hosts()).isEmpty();
    }

    @Test
    void aHostThatHasServersNobodyKnowsOfIsNotRegistered() {
        world.services().scripted("s1");
        world.agents().host("s1").runs(InstanceName.parse("data_7.1"));

        Outcome outcome = run(DATANODE);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString())
                .contains("host s1 is not registered, yet its agent has data_7.1");
        assertThat(world.store().hosts()).doesNotContainKey(S1);
        assertThat(world.agents().host("s1").instances()).hasSize(1);
    }

    @Test
    void aHostThatCannotTakeTheMemberIsGivenUpWithItsService() {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.ProbePlace) {
                                world.agents()
                                        .host("s1")
                                        .withPlaceProblems(Problem.of("no room", "make some"))
                                        .withEngineProblems(Problem.of("no initdb", "get one"));
                            }
                        });

        Outcome outcome = run(DATANODE);

        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("host s1: no room", "make some");
        assertThat(world.agents().requests(Request.Prepare.class)).hasSize(1);
        assertUndone();
    }

    @Test
    void whatDockerRefusesToMakeIsNotRemoved() {
        Problem taken = Problem.of("the name test_s1 is taken", "choose another");
        world.services().failing("create", DockerException.Kind.REFUSED, taken);
        world.services().failing("remove", DockerException.Kind.FAILED, Problem.of("no!", ""));

        Outcome outcome = run(DATANODE);

        assertThat(outcome.problems())
                .singleElement()
                .asString()
                .contains("create service test_s1", "the name test_s1 is taken");
        assertUndone();
    }

    @Test
    void theServiceGoesWithAMemberThatFailsLaterEvenIfItsAgentIsGone() {
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                world.agents().cutOff("s1");
                            }
                        });

        assertThat(run(DATANODE).end()).isEqualTo(Outcome.End.UNREACHABLE);
        assertUndone();
    }

    @Test
    void aScriptsServiceStaysRegisteredUntilWhatIsOnItIsUndone() {
        world.services().scripted("s1");
        World.Picture scripted = world.picture();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Start) {
                                world.agents().cutOff("s1");
                            }
                        });

        Outcome outcome = run(DATANODE);

        assertThat(outcome.problems().toString()).contains("could not be undone and stays open");
        assertThat(world.store().hosts()).containsKey(S1);
        world.agents().bringBack("s1");
        long open = outcome.operation().get();
        assertThat(world.controller().rollback(open, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.picture()).isEqualTo(scripted);
    }

    @Test
    void membersOfOneHostShareItsServiceAndItsFate() {
        world.services().troubled("s1", "No such image");

        List<Outcome> outcomes = runAll(DATANODE, BESIDE);

        assertThat(outcomes.get(1).problems().toString())
                .contains("undone because this failed: add datanode master data_1 s1 5432 --swarm");
        assertUndone();
    }

    @Test
    void servicesAreMadeAtTheSameTime() {
        CyclicBarrier both = new CyclicBarrier(2);
        world.services()
                .onTasks(
                        host -> {
                            await(both);
                            world.comeUp(host);
                        },
                        host -> {});

        assertThat(runAll(DATANODE, inService(add(NodeKind.DATANODE, "data_2", "s2"))))
                .allMatch(outcome -> outcome.end() == Outcome.End.DONE);
    }

    @Test
    void aServiceThatCannotBeRemovedLeavesTheOperationStuckUntilItIsResumed() {
        world.with(DATANODE);
        world.services()
                .failing(
                        "remove",
                        DockerException.Kind.FAILED,
                        Problem.of("its volume is on n2", "remove it there"));

        Outcome outcome = run(ERASE);

        assertThat(outcome.problems().toString())
                .contains("its volume is on n2", "remove it there", "operation resume 3");
        assertThat(world.store().hosts()).containsKey(S1);
        world.services().heal();
        assertThat(world.controller().resume(3, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    void cancellingEndsTheWaitForAServiceThatEndsSlowly() throws Exception {
        world.with(DATANODE);
        CountDownLatch ending = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        world.services()
                .onTasks(
                        host -> {},
                        host -> {
                            ending.countDown();
                            awaitOpen(end);
                            world.goDown(host);
                        });
        Cancellation cancellation = new Cancellation();
        Operations controller = world.controller();
        CompletableFuture<List<Outcome>> running =
                CompletableFuture.supplyAsync(
                        () -> controller.run(List.of(ERASE), QUIET, cancellation));
        assertThat(ending.await(10, SECONDS)).isTrue();

        cancellation.fire();

        Outcome outcome = running.get(3, SECONDS).get(0);
        assertThat(outcome.problems().toString())
                .contains("cancelled while the service of s1 ends", "operation resume 3");
        end.countDown();
        assertThat(controller.resume(3, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.picture()).isEqualTo(before);
    }

    @Test
    void aHostThatWasAcceptedAnewMeanwhileKeepsThatRegistration() {
        world.with(DATANODE);
        world.services()
                .failing("remove", DockerException.Kind.FAILED, Problem.of("not now", "later"));
        run(ERASE);
        Versioned<HostRecord> record = world.store().hosts().get(S1);
        HostRecord later =
                new HostRecord(
                        S1,
                        record.value().agent(),
                        "ssh-ed25519 other",
                        record.value().since().plusSeconds(1),
                        Optional.empty(),
                        Optional.of("test_s1"));
        world.store().change().replaceHost(later, record.version()).commit();
        world.services().heal();

        assertThat(world.controller().resume(3, QUIET, new Cancellation()).end())
                .isEqualTo(Outcome.End.DONE);
        assertThat(world.store().hosts().get(S1).value()).isEqualTo(later);
    }

    private Outcome run(Command command) {
        return runAll(command).get(0);
    }

    private List<Outcome> runAll(Command... commands) {
        return world.controller()
                .run(
                        List.of(commands),
                        (operation, node, text) -> told.add(text),
                        new Cancellation());
    }

    /** As before: no service, no volume, no registration, no instance. */
    private void assertUndone() {
        assertThat(world.picture()).isEqualTo(before);
        assertThat(world.operations().get(1).state()).isEqualTo(OperationHeader.State.UNDONE);
        assertThat(world.store().lock()).isEmpty();
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(10, SECONDS);
        } catch (BrokenBarrierException | TimeoutException e) {
            throw new AssertionError("the other did not come", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitOpen(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
