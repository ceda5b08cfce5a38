package xlctl.session;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostRecord;
import xlctl.topology.Problem;

/** Opens its channel with the first call, and again with the first one after it was lost. */
final class WarmConnection implements AgentConnection {
    private final HostRecord record;
    private final AgentDoor door;
    private final Executor openers;
    private CompletableFuture<AgentChannel> channel;
    private boolean closed;

    WarmConnection(HostRecord record, AgentDoor door, Executor openers) {
        this.record = record;
        this.door = door;
        this.openers = openers;
        this.channel = CompletableFuture.failedFuture(new IllegalStateException("not yet opened"));
    }

    HostRecord record() {
        return record;
    }

    @Override
    public CompletableFuture<Reply> call(Request request, Consumer<String> progress) {
        return opened().thenCompose(open -> open.call(request, progress));
    }

    @Override
    public void close() {
        CompletableFuture<AgentChannel> last;
        synchronized (this) {
            closed = true;
            last = channel;
        }
        last.thenAccept(AgentChannel::close);
    }

    private synchronized CompletableFuture<AgentChannel> opened() {
        if (closed) {
            return CompletableFuture.failedFuture(
                    new AgentUnreachableException(
                            record.host(),
                            Problem.of(
                                    "the connection to the agent of host "
                                            + record.host()
                                            + " was closed",
                                    "try again"),
                            null));
        }
        boolean lost =
                channel.isCompletedExceptionally() || channel.isDone() && channel.join().hasEnded();
        if (lost) {
            channel = CompletableFuture.supplyAsync(() -> door.open(record), openers);
        }
        return channel;
    }
}
