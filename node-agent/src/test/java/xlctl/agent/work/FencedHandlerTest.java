package xlctl.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.api.StepKey;
import xlctl.agent.api.StopMode;
import xlctl.topology.InstanceName;

@Timeout(30)
class FencedHandlerTest {
    private static final InstanceName COORD = InstanceName.parse("coord_m_1.1");
    private static final InstanceName DATA = InstanceName.parse("data_m_1.1");

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @TempDir private Path directory;
    private final Queue<Request> executed = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private volatile RequestHandler host;
    private FencedHandler fenced;

    @BeforeEach
    void open() throws IOException {
        host = (request, progress) -> new Reply.Done("done " + executed.size());
        reopen(Duration.ofSeconds(10));
    }

    private void reopen(Duration patience) throws IOException {
        fenced =
                FencedHandler.open(
                        directory,
                        (request, progress) -> {
                            executed.add(request);
                            return host.handle(request, progress);
                        },
                        patience);
    }

    private static Request.Start start(long operation, int attempt, int step, InstanceName name) {
        return new Request.Start(new StepKey(operation, attempt, step), name, 1);
    }

    private Reply handle(Request request) {
        return fenced.handle(request, progress -> {});
    }

    private CompletableFuture<Reply> handleLater(Request request) {
        return handleLater(request, progress -> {});
    }

    private CompletableFuture<Reply> handleLater(Request request, Consumer<String> progress) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread caller = new Thread(() -> reply.complete(fenced.handle(request, progress)));
        caller.setDaemon(true);
        caller.start();
        return reply;
    }

    /** The host works on a request until released, and then says it is done. */
    private Reply workUntilReleased(Request request, Consumer<String> progress) {
        try {
            release.await();
            return new Reply.Done("released");
        } catch (InterruptedException e) {
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void awaitExecuted(int count) {
        await().until(() -> executed.size() == count);
    }

    @Test
    void letsReadingThroughUntouched() {
        host = (request, progress) -> new Reply.Converged(3);

        assertThat(handle(new Request.Inspect())).isEqualTo(new Reply.Converged(3));
        assertThat(handle(new Request.Inspect())).isEqualTo(new Reply.Converged(3));
        assertThat(executed).hasSize(2);
    }

    @Test
    void whatAnOlderOperationAskedOfAServerIsNotDoneAfterANewerOne() {
        Request.Stop late = new Request.Stop(new StepKey(7, 1, 1), DATA, StopMode.FAST, TIMEOUT);
        handle(start(8, 1, 1, DATA));

        assertThat(handle(late))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
                            assertThat(failed.problems().get(0).what())
                                    .isEqualTo(
                                            "operation 7 asks too late for what becomes of"
                                                    + " data_m_1.1: operation 8 has asked since");
                        });
        assertThat(executed).hasSize(1);
    }

    @Test
    void anOlderOperationMayAskOfAnotherServer() {
        handle(start(8, 1, 1, DATA));

        assertThat(handle(start(7, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
        assertThat(handle(start(8, 1, 2, DATA))).isInstanceOf(Reply.Done.class);
    }

    @Test
    void endsWhatIsUnderWayWhenItIsClosedAndForgetsThatItWasCutShort() throws Exception {
        host = this::workUntilReleased;
        CompletableFuture<Reply> cut = handleLater(start(7, 1, 1, COORD));
        awaitExecuted(1);
        CompletableFuture<Reply> waiting = handleLater(start(7, 1, 2, COORD));

        fenced.close();

        assertThat(List.of(cut.get(10, TimeUnit.SECONDS), handle(start(7, 1, 3, COORD))))
                .allSatisfy(
                        reply ->
                                assertThat(((Reply.Failed) reply).problems().get(0).what())
                                        .contains("the agent is ending"));
        assertThat(waiting.get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.Failed.class);
        host = (request, progress) -> new Reply.Done("now");
        reopen(Duration.ofSeconds(10));
        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(new Reply.Done("now"));
    }

    @Test
    void refusesALowerAttempt() {
        handle(start(7, 3, 1, COORD));

        Reply.Failed refused = (Reply.Failed) handle(start(7, 2, 2, COORD));

        assertThat(refused.kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(refused.problems().get(0).what())
                .contains("operation 7", "attempt 2", "attempt 3");
        assertThat(executed).hasSize(1);
    }

    @Test
    void takesALowerAttemptOfAnotherOperation() {
        handle(start(7, 3, 1, COORD));

        assertThat(handle(start(8, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
    }

    @Test
    void refusesALowerAttemptAfterARestart() throws IOException {
        host = (request, progress) -> Reply.Failed.failed("no", "");
        handle(start(7, 3, 1, COORD));

        reopen(Duration.ofSeconds(10));

        assertThat(((Reply.Failed) handle(start(7, 2, 1, COORD))).kind())
                .isEqualTo(Reply.Failed.Kind.SUPERSEDED);
    }

    @Test
    void returnsTheResultOfAFinishedStepAgain() {
        Reply first = handle(start(7, 1, 1, COORD));

        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(executed).hasSize(1);
    }

    @Test
    void returnsAFailureAgainUntilThereIsANewAttempt() {
        host = (request, progress) -> Reply.Failed.failed("failure " + executed.size(), "");
        Reply first = handle(start(7, 1, 1, COORD));

        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(handle(start(7, 2, 1, COORD))).isNotEqualTo(first);
        assertThat(executed).hasSize(2);
    }

    @Test
    void returnsWhatWasDoneBeforeARestart() throws IOException {
        Reply first = handle(start(7, 1, 1, COORD));
        handle(start(7, 1, 2, DATA));

        reopen(Duration.ofSeconds(10));

        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(executed).hasSize(2);
        handle(start(7, 1, 3, COORD));
        assertThat(executed).hasSize(3);
    }

    @Test
    void triesAgainAfterARestartWhatHadFailed() throws IOException {
        host = (request, progress) -> Reply.Failed.failed("no", "");
        handle(start(7, 1, 1, COORD));

        reopen(Duration.ofSeconds(10));
        handle(start(7, 1, 1, COORD));

        assertThat(executed).hasSize(2);
    }

    @Test
    void joinsTheSameStepWhileItRuns() {
        host = this::workUntilReleased;
        Queue<String> heard = new ConcurrentLinkedQueue<>();
        CompletableFuture<Reply> first = handleLater(start(7, 1, 1, COORD));
        awaitExecuted(1);
        CompletableFuture<Reply> second = handleLater(start(7, 1, 1, COORD), heard::add);

        assertThat(second).isNotDone();
        release.countDown();

        assertThat(first.join()).isEqualTo(new Reply.Done("released"));
        assertThat(second.join()).isEqualTo(first.join());
        assertThat(executed).hasSize(1);
    }

    @Test
    void tellsProgressToAllWhoJoined() throws Exception {
        CountDownLatch joined = new CountDownLatch(1);
        host =
                (request, progress) -> {
                    try {
                        joined.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    // Who joins is heard of only by what it hears: say it until told to stop.
                    while (release.getCount() > 0) {
                        progress.accept("still at it");
                        Thread.onSpinWait();
                    }
                    return new Reply.Done("");
                };
        CountDownLatch firstHeard = new CountDownLatch(1);
        CountDownLatch secondHeard = new CountDownLatch(1);
        CompletableFuture<Reply> first =
                handleLater(start(7, 1, 1, COORD), text -> firstHeard.countDown());
        awaitExecuted(1);
        CompletableFuture<Reply> second =
                handleLater(start(7, 1, 1, COORD), text -> secondHeard.countDown());
        joined.countDown();

        assertThat(firstHeard.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(secondHeard.await(10, TimeUnit.SECONDS)).isTrue();
        release.countDown();
        assertThat(first.join()).isEqualTo(second.join());
    }

    @Test
    void refusesAnotherRequestUnderAKnownKey() throws IOException {
        handle(start(7, 1, 1, COORD));

        Reply.Failed refused = (Reply.Failed) handle(start(7, 1, 1, DATA));
        assertThat(refused.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
        assertThat(refused.problems().get(0).what()).contains("7/1/1", "Start of data_m_1.1");

        reopen(Duration.ofSeconds(10));
        assertThat(handle(start(7, 1, 1, DATA))).isEqualTo(refused);
        assertThat(executed).hasSize(1);
    }

    @Test
    void endsTheWorkOfAnOlderAttemptFirst() {
        List<String> events = new ArrayList<>();
        host =
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
                };
        CompletableFuture<Reply> old = handleLater(start(7, 1, 1, COORD));
        awaitExecuted(1);

        // Another instance: it is the operation that ties them, not the instance.
        assertThat(handle(start(7, 2, 1, DATA))).isEqualTo(new Reply.Done("new"));

        assertThat(((Reply.Failed) old.join()).kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(events).containsExactly("old ended", "new done");
    }

    @Test
    void saysWhichOlderWorkDoesNotEnd() throws IOException {
        reopen(Duration.ofMillis(100));
        host =
                (request, progress) -> {
                    boolean released = false;
                    while (!released) {
                        try {
                            released = release.await(10, TimeUnit.SECONDS);
                        } catch (InterruptedException e) {
                            progress.accept("not now");
                        }
                    }
                    return new Reply.Done("");
                };
        CompletableFuture<Reply> old = handleLater(start(7, 1, 1, COORD));
        awaitExecuted(1);

        Reply.Failed failed = (Reply.Failed) handle(start(7, 2, 1, COORD));

        assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.FAILED);
        assertThat(failed.problems().get(0).what())
                .contains("7/2/1", "Start of coord_m_1.1", "7/1/1");
        release.countDown();
        old.join();
        assertThat(handle(start(7, 2, 1, COORD)))
                .as("the same key, once the old work has ended")
                .isInstanceOf(Reply.Done.class);
    }

    @Test
    void changesAnInstanceOneRequestAtATimeInOrder() {
        CountDownLatch[] gates = {
            new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)
        };
        host =
                (request, progress) -> {
                    try {
                        gates[((Request.Start) request).key().step()].await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return new Reply.Done("");
                };
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int step = 0; step < 3; step++) {
            replies.add(handleLater(start(7, 1, step, COORD)));
            int expected = step + 1;
            await().until(() -> works() == expected);
        }
        gates[2].countDown();
        gates[1].countDown();
        awaitExecuted(1);
        assertThat(replies).noneMatch(CompletableFuture::isDone);

        gates[0].countDown();
        replies.forEach(CompletableFuture::join);

        assertThat(executed)
                .containsExactly(
                        start(7, 1, 0, COORD), start(7, 1, 1, COORD), start(7, 1, 2, COORD));
    }

    private static long works() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("agent-work-7/1/"))
                .count();
    }

    @Test
    void changesDifferentInstancesAtTheSameTime() {
        host = this::workUntilReleased;
        CompletableFuture<Reply> coord = handleLater(start(7, 1, 1, COORD));
        CompletableFuture<Reply> data = handleLater(start(7, 1, 2, DATA));

        awaitExecuted(2);
        release.countDown();

        assertThat(coord.join()).isEqualTo(data.join());
    }

    @Test
    void goesOnWhenTheCallerIsInterrupted() {
        host = this::workUntilReleased;
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread caller = new Thread(() -> reply.complete(handle(start(7, 1, 1, COORD))));
        caller.start();
        awaitExecuted(1);

        caller.interrupt();
        assertThat(reply.join().toString()).contains("ending");
        release.countDown();

        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(new Reply.Done("released"));
        assertThat(executed).hasSize(1);
    }

    @Test
    void makesAFailureOfWhatTheHostThrows() {
        host =
                (request, progress) -> {
                    throw new IllegalStateException("the sky fell");
                };

        assertThat(handle(start(7, 1, 1, COORD)).toString())
                .contains("FAILED", "Start of coord_m_1.1", "the sky fell");
        assertThat(handle(new Request.Inspect()).toString())
                .contains("FAILED", "Inspect", "the sky fell");
    }

    @Test
    void keepsAStatedNumberOfOperationsAndTakesNoneThatIsOlder() throws IOException {
        for (int operation = 1; operation <= OperationLedger.KEPT + 2; operation++) {
            handle(start(operation, 1, 1, COORD));
        }
        int done = executed.size();

        try (var files = Files.list(directory.resolve("operations"))) {
            assertThat(files).hasSize(OperationLedger.KEPT);
        }
        reopen(Duration.ofSeconds(10));
        assertThat(((Reply.Failed) handle(start(2, 9, 1, COORD))).kind())
                .isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(handle(start(3, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
        assertThat(executed).hasSize(done);
    }

    @Test
    void doesNothingWhenTheAttemptCannotBeWrittenDown() throws IOException {
        Path operations = directory.resolve("operations");
        Files.delete(operations);
        Files.writeString(operations, "no directory");

        assertThat(handle(start(7, 1, 1, COORD)).toString())
                .contains("FAILED", "cannot write down", "7/1/1");
        assertThat(executed).isEmpty();
    }

    @Test
    void neverTakesACorruptRecordForNone() throws IOException {
        handle(start(7, 1, 1, COORD));
        Path record = directory.resolve("operations/7.json");
        assertThat(Files.getPosixFilePermissions(record))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String whole = Files.readString(record);

        Files.writeString(record, whole.substring(0, whole.length() - 4));
        assertThatThrownBy(() -> reopen(Duration.ZERO))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(record.toString());

        Files.writeString(record, whole.replace("\"format\":1", "\"format\":2"));
        assertThatThrownBy(() -> reopen(Duration.ZERO))
                .hasMessageContaining(record.toString())
                .hasMessageContaining("format 2");
    }

    @Test
    void forgetsAWriteThatACrashCutShort() throws IOException {
        Reply first = handle(start(7, 1, 1, COORD));
        Files.writeString(directory.resolve("operations/7.json.new"), "{\"form");

        reopen(Duration.ofSeconds(10));

        assertThat(handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(directory.resolve("operations/7.json.new")).doesNotExist();
    }
}
