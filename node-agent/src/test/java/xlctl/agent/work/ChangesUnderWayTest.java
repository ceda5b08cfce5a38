package xlctl.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.work.WorkingHost.COORD;
import static xlctl.agent.work.WorkingHost.DATA;
import static xlctl.agent.work.WorkingHost.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;

/** Changes that are asked for while others are under way. */
@Timeout(30)
class ChangesUnderWayTest {
    @TempDir private Path directory;
    private WorkingHost host;

    @BeforeEach
    void open() throws IOException {
        host = new WorkingHost(directory);
    }

    @Test
    void changesAnInstanceOneRequestAtATimeInOrder() {
        CountDownLatch[] gates = {
            new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)
        };
        host.works(
                (request, progress) -> {
                    try {
                        gates[((Request.Start) request).key().step()].await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new Reply.Done("");
                });
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            replies.add(host.handleLater(start(7, 1, step, COORD)));
            int expected = step + 1;
            await().until(() -> works() == expected);
        }
        gates[2].countDown();
        gates[1].countDown();
        host.awaitExecuted(1);
        assertThat(replies).noneMatch(CompletableFuture::isDone);

        gates[0].countDown();
        replies.forEach(CompletableFuture::join);

        assertThat(host.executed())
                .containsExactly(
                        start(7, 1, 0, COORD), start(7, 1, 1, COORD), start(7, 1, 2, COORD));
    }

    @Test
    void changesDifferentInstancesAtTheSameTime() {
        host.worksUntilReleased();
        CompletableFuture<Reply> coord = host.handleLater(start(7, 1, 1, COORD));
        CompletableFuture<Reply> data = host.handleLater(start(7, 1, 2, DATA));

        host.awaitExecuted(2);
        host.release().countDown();

        assertThat(coord.join()).isEqualTo(data.join());
    }

    @Test
    void joinsTheSameStepWhileItRuns() {
        host.worksUntilReleased();
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        CompletableFuture<Reply> first = host.handleLater(start(7, 1, 1, COORD));
        host.awaitExecuted(1);
        CompletableFuture<Reply> second = host.handleLater(start(7, 1, 1, COORD), heard::add);

        assertThat(second).isNotDone();
        host.release().countDown();

        assertThat(first.join()).isEqualTo(new Reply.Done("released"));
        assertThat(second.join()).isEqualTo(first.join());
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void tellsProgressToAllWhoJoined() throws Exception {
        CountDownLatch joined = new CountDownLatch(1);
        host.works(
                (request, progress) -> {
                    try {
                        joined.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    // Who joins is heard of only by what it hears: say it until told to stop.
                    while (host.release().getCount() > 0) {
                        progress.accept("still at it");
                        Thread.onSpinWait();
                    }
                    return new Reply.Done("");
                });
        CountDownLatch firstHeard = new CountDownLatch(1);
        CountDownLatch secondHeard = new CountDownLatch(1);
        CompletableFuture<Reply> first =
                host.handleLater(start(7, 1, 1, COORD), text -> firstHeard.countDown());
        host.awaitExecuted(1);
        CompletableFuture<Reply> second =
                host.handleLater(start(7, 1, 1, COORD), text -> secondHeard.countDown());
        joined.countDown();

        assertThat(firstHeard.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(secondHeard.await(10, TimeUnit.SECONDS)).isTrue();
        host.release().countDown();
        assertThat(first.join()).isEqualTo(second.join());
    }

    @Test
    void endsTheWorkOfAnOlderAttemptFirst() {
        List<String> events = new ArrayList<>();
        host.works(
                (request, progress) -> {
                    if (request.equals(start(7, 1, 1, COORD))) {
                        try {
                            new CountDownLatch(1).await();
                        } catch (InterruptedException e) {
                            synchronized (events) {
                                events.add("old ended");
                            }
                            throw new IllegalStateException(e);
                        }
                    }
                    synchronized (events) {
                        events.add("new done");
                    }
                    return new Reply.Done("new");
                });
        CompletableFuture<Reply> old = host.handleLater(start(7, 1, 1, COORD));
        host.awaitExecuted(1);

        // Another instance: it is the operation that ties them, not the instance.
        assertThat(host.handle(start(7, 2, 1, DATA))).isEqualTo(new Reply.Done("new"));

        assertThat(((Reply.Failed) old.join()).kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(events).containsExactly("old ended", "new done");
    }

    @Test
    void saysWhichOlderWorkDoesNotEnd() throws IOException {
        host.reopen(Duration.ofMillis(100));
        host.works(
                (request, progress) -> {
                    boolean released = false;
                    while (!released) {
                        try {
                            released = host.release().await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            progress.accept("not now");
                        }
                    }
                    return new Reply.Done("");
                });
        CompletableFuture<Reply> old = host.handleLater(start(7, 1, 1, COORD));
        host.awaitExecuted(1);

        Reply.Failed failed = (Reply.Failed) host.handle(start(7, 2, 1, COORD));

        assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.FAILED);
        assertThat(failed.problems().get(0).what())
                .contains("7/2/1", "Start of coord_m_1.1", "7/1/1");
        host.release().countDown();
        old.join();
        assertThat(host.handle(start(7, 2, 1, COORD)))
                .as("the same key, once the old work has ended")
                .isInstanceOf(Reply.Done.class);
    }

    @Test
    void goesOnWhenTheCallerIsInterrupted() {
        host.worksUntilReleased();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread caller = new Thread(() -> reply.complete(host.handle(start(7, 1, 1, COORD))));
        caller.start();
        host.awaitExecuted(1);

        caller.interrupt();
        assertThat(reply.join().toString()).contains("ending");
        host.release().countDown();

        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(new Reply.Done("released"));
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void endsWhatIsUnderWayWhenItIsClosedAndForgetsThatItWasCutShort() throws Exception {
        host.worksUntilReleased();
        CompletableFuture<Reply> cut = host.handleLater(start(7, 1, 1, COORD));
        host.awaitExecuted(1);
        CompletableFuture<Reply> waiting = host.handleLater(start(7, 1, 2, COORD));

        host.close();

        assertThat(List.of(cut.get(10, TimeUnit.SECONDS), host.handle(start(7, 1, 3, COORD))))
                .allSatisfy(
                        reply ->
                                assertThat(((Reply.Failed) reply).problems().get(0).what())
                                        .contains("the agent is ending"));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Failed.class);
        host.works((request, progress) -> new Reply.Done("now"));
        host.reopen();
        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(new Reply.Done("now"));
    }

    private static long works() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("agent-work-7/1/"))
                .count();
    }
}
