package xlctl.agent.api;

import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The controller's side of a conversation with one agent. Thread-safe; calls do not wait for each
 * other.
 */
public interface AgentConnection extends AutoCloseable {
    /**
     * Sends a request. The future fails with {@link AgentUnreachableException} when the connection
     * ends before the answer came; whether the request was carried out is then unknown, and it may
     * be sent again under the same key.
     *
     * @param progress takes lines for people; called on a thread of the connection's, which must
     *     not be blocked
     */
    CompletableFuture<Reply> call(Request request, Consumer<String> progress);

    /** Fails the calls still in flight. */
    @Override
    void close();
}
