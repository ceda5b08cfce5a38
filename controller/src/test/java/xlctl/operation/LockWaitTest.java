package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.LockHolder;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** A second shell, while the first one changes the cluster. */
class LockWaitTest {
    private static final Command GTM = World.add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command DATANODE = World.add(NodeKind.DATANODE, "data_1", "h2");
    private static final LockHolder ALICE =
            new LockHolder("alice", "db9, process 7", "stop all", Instant.EPOCH);

    private final World world = new World("h1", "h2");
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final Cancellation cancellation = new Cancellation();
    private final Listener listener =
            new Listener() {
                @Override
                public void progress(long operation, Optional<NodeName> node, String text) {}

                @Override
                public void waiting(String text) {
                    heard.add(text);
                }
            };

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void itWaitsAndIsToldForWhom() throws Exception {
        InMemoryRecordTree alice = lockedByAlice();
        world.waitForTheLock(Duration.ofSeconds(60));
        CompletableFuture<Outcome> second = begin(GTM);
        await().until(() -> !heard.isEmpty());

        alice.close();

        assertThat(second.get(20, TimeUnit.SECONDS).end()).isEqualTo(Outcome.End.DONE);
        assertThat(heard)
                .singleElement()
                .asString()
                .matches(
                        "up to (59|60) s: the cluster is being changed by alice from db9, process 7"
                                + " since 1970-01-01T00:00:00Z: stop all");
    }

    @Test
    void itIsRefusedWhenTheTimeIsOver() throws Exception {
        lockedByAlice();
        world.waitForTheLock(Duration.ofMillis(300));

        Outcome second = begin(GTM).get(20, TimeUnit.SECONDS);

        assertThat(second.end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(second.problems().toString()).contains("alice");
        assertThat(heard).hasSize(1);
    }

    @Test
    void withoutAWaitItIsRefusedAtOnce() throws Exception {
        lockedByAlice();

        assertThat(begin(GTM).get(20, TimeUnit.SECONDS).end()).isEqualTo(Outcome.End.REFUSED);
        assertThat(heard).isEmpty();
    }

    @Test
    void aCancellationEndsTheWaitWithNothingDone() throws Exception {
        lockedByAlice();
        world.waitForTheLock(Duration.ofMinutes(10));
        CompletableFuture<Outcome> second = begin(GTM);
        await().until(() -> !heard.isEmpty());

        cancellation.fire();

        Outcome outcome = second.get(20, TimeUnit.SECONDS);
        assertThat(outcome.end()).isEqualTo(Outcome.End.FAILED);
        assertThat(outcome.problems().toString()).contains("cancelled before it was begun");
        assertThat(world.store().topology()).isEmpty();
        assertThat(world.operations()).isEmpty();
    }

    @Test
    void whatItDoesThenIsPlannedOnWhatTheFirstLeft() throws Exception {
        world.waitForTheLock(Duration.ofSeconds(60));
        CompletableFuture<Void> goOn = new CompletableFuture<>();
        world.agents()
                .onRequest(
                        request -> {
                            if (request instanceof Request.Prepare && !goOn.isDone()) {
                                goOn.join();
                            }
                        });
        CompletableFuture<Outcome> first = begin(GTM);
        await().until(() -> world.store().lock().isPresent());
        CompletableFuture<Outcome> second = begin(DATANODE);
        await().until(() -> !heard.isEmpty());

        goOn.complete(null);

        assertThat(first.get(20, TimeUnit.SECONDS).end()).isEqualTo(Outcome.End.DONE);
        assertThat(second.get(20, TimeUnit.SECONDS).end()).isEqualTo(Outcome.End.DONE);
        assertThat(world.picture().nodes()).hasSize(2);
    }

    private InMemoryRecordTree lockedByAlice() {
        InMemoryRecordTree session = world.session();
        new ClusterStore(session, World.CLUSTER).change().createLock(ALICE).commit();
        return session;
    }

    private CompletableFuture<Outcome> begin(Command command) {
        Operations shell = world.controller();
        return CompletableFuture.supplyAsync(
                () -> shell.run(List.of(command), listener, cancellation).get(0));
    }
}
