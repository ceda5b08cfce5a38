package xlctl.agent.work;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;

/** One changing request from its acceptance to its end, on a thread of its own. */
final class Work {
    private final Request.Changing request;
    private final String fingerprint;
    private final List<Work> superseded;
    private final CompletableFuture<Void> turn;
    private final CompletableFuture<Reply> reply = new CompletableFuture<>();
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean cancelled;

    /**
     * @param superseded works of older attempts of the operation, which must end first
     * @param turn completes when no earlier work is on the instance
     * @param body what the thread does; it must {@link #complete} this work whatever happens
     */
    Work(
            Request.Changing request,
            String fingerprint,
            List<Work> superseded,
            CompletableFuture<Void> turn,
            Consumer<Work> body) {
        this.request = request;
        this.fingerprint = fingerprint;
        this.superseded = superseded;
        this.turn = turn;
        this.thread = new Thread(() -> body.accept(this), "agent-work-" + request.key());
        this.thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Asks the work to end soon. */
    void cancel() {
        cancelled = true;
        thread.interrupt();
    }

    boolean isCancelled() {
        return cancelled;
    }

    void listen(Consumer<String> progress) {
        listeners.add(progress);
    }

    void progress(String text) {
        listeners.forEach(listener -> listener.accept(text));
    }

    void complete(Reply answer) {
        reply.complete(answer);
    }

    /** Completes with the answer, after the work has ended. */
    CompletableFuture<Reply> reply() {
        return reply;
    }

    /** Completes when this work and all before it on the instance have ended. */
    CompletableFuture<Void> over() {
        return CompletableFuture.allOf(reply, turn);
    }

    void whenOver(Runnable then) {
        CompletableFuture<Void> unused = over().thenRun(then);
    }

    CompletableFuture<Void> turn() {
        return turn;
    }

    List<Work> superseded() {
        return superseded;
    }

    Request.Changing request() {
        return request;
    }

    StepKey key() {
        return request.key();
    }

    String fingerprint() {
        return fingerprint;
    }

    /** The work as people name it: {@code Start of coord_m_1.1}. */
    String name() {
        return request.getClass().getSimpleName() + " of " + request.subject();
    }
}
