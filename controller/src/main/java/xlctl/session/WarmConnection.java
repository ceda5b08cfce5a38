package xlctl.session;

import java.util.Optional;
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
    private Optional<AgentChannel> newest = Optional.empty();
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
    public synchronized void close() {
        closed = true;
        newest.ifPresent(AgentChannel::close);
    }

    private AgentChannel open() {
        AgentChannel fresh = door.open(record);
        synchronized (this) {
            newest = Optional.of(fresh);
            if (closed) {
                fresh.close();
            }
        }
        return fresh;
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
            channel = CompletableFuture.supplyAsync(this::open, openers);
        }
        return channel;
    }
}
