package xlctl.agent.work;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.api.StepKey;
import xlctl.topology.InstanceName;

/** A host behind a {@link FencedHandler}. It says it is done with a request, unless told else. */
final class WorkingHost {
    static final InstanceName COORD = InstanceName.parse("coord_m_1.1");
    static final InstanceName DATA = InstanceName.parse("data_m_1.1");

    private final Queue<Request> executed = new ConcurrentLinkedQueue<>();
    private final CountDownLatch release = new CountDownLatch(1);
    private final Path directory;
    private volatile RequestHandler work;
    private FencedHandler fenced;

    WorkingHost(Path directory) throws IOException {
        this.directory = directory;
        work = (request, progress) -> new Reply.Done("done " + executed.size());
        reopen();
    }

    /** As after a restart of the agent. */
    void reopen() throws IOException {
        reopen(Duration.ofSeconds(10));
    }

    /** With this much time for the work of an older attempt to end. */
    void reopen(Duration patience) throws IOException {
        fenced =
                FencedHandler.open(
                        directory,
                        (request, progress) -> {
                            executed.add(request);
                            return work.handle(request, progress);
                        },
                        patience);
    }

    void works(RequestHandler way) {
        work = way;
    }

    /** The host works on a request until released, and then says it is done. */
    void worksUntilReleased() {
        work =
                (request, progress) -> {
                    try {
                        release.await();
                        return new Reply.Done("released");
                    } catch (InterruptedException e) {
                        throw new IllegalStateException("interrupted", e);
                    }
                };
    }

    CountDownLatch release() {
        return release;
    }

    Queue<Request> executed() {
        return executed;
    }

    void awaitExecuted(int count) {
        await().until(() -> executed.size() == count);
    }

    Reply handle(Request request) {
        return fenced.handle(request, progress -> {});
    }

    CompletableFuture<Reply> handleLater(Request request) {
        return handleLater(request, progress -> {});
    }

    CompletableFuture<Reply> handleLater(Request request, Consumer<String> progress) {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        Thread caller = new Thread(() -> reply.complete(fenced.handle(request, progress)));
        caller.setDaemon(true);
        caller.start();
        return reply;
    }

    void close() {
        fenced.close();
    }

    static Request.Start start(long operation, int attempt, int step, InstanceName name) {
        return new Request.Start(
                new StepKey(operation, attempt, step), name, 1, Duration.ofSeconds(20));
    }
}
