package xlctl.session;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Frame;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.json.JsonException;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** An open channel to an agent. Once it ended it stays ended. Thread-safe. */
final class AgentChannel implements AgentConnection {
    private static final Logger LOG = LoggerFactory.getLogger(AgentChannel.class);

    private final HostName host;
    private final Session session;
    private final ChannelSubsystem channel;
    private final OutputStream out;
    private final Object writing = new Object();
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private volatile Optional<AgentUnreachableException> ended = Optional.empty();

    /** A request that waits for its answer. */
    private record Call(CompletableFuture<Reply> reply, Consumer<String> progress) {}

    private AgentChannel(
            HostName host, Session session, ChannelSubsystem channel, OutputStream out) {
        this.host = host;
        this.session = session;
        this.channel = channel;
        this.out = out;
    }

    /**
     * Begins to read from a channel that is connected.
     *
     * @param in of the channel, taken before it was connected
     */
    static AgentChannel over(
            HostName host,
            Session session,
            ChannelSubsystem channel,
            InputStream in,
            OutputStream out) {
        AgentChannel opened = new AgentChannel(host, session, channel, out);
        Thread reader = new Thread(() -> opened.read(in), "agent-reader-" + host);
        reader.setDaemon(true);
        reader.start();
        return opened;
    }

    boolean hasEnded() {
        return ended.isPresent();
    }

    @Override
    public CompletableFuture<Reply> call(Request request, Consumer<String> progress) {
        long id = ids.incrementAndGet();
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        calls.put(id, new Call(reply, progress));
        ended.ifPresent(this::failAll);
        if (!reply.isDone()) {
            try {
                Frame frame = Frame.call(id, request);
                synchronized (writing) {
                    frame.writeTo(out);
                }
            } catch (IOException e) {
                end(e);
            } catch (RuntimeException e) {
                calls.remove(id);
                throw e;
            }
        }
        return reply;
    }

    @Override
    public void close() {
        end(new IOException("it was closed"));
    }

    private void read(InputStream in) {
        try (InputStream buffered = new BufferedInputStream(in)) {
            Optional<Frame> frame = Frame.readFrom(buffered);
            while (frame.isPresent()) {
                take(frame.get());
                frame = Frame.readFrom(buffered);
            }
            end(new IOException("the agent ended it"));
        } catch (IOException | RuntimeException e) {
            end(e);
        }
    }

    private void take(Frame frame) {
        Optional<Call> call = Optional.ofNullable(calls.get(frame.id()));
        switch (frame.kind()) {
            case PROGRESS -> call.ifPresent(each -> each.progress().accept(frame.text()));
            case ANSWER -> {
                calls.remove(frame.id());
                call.ifPresent(each -> answer(each, frame));
            }
            case CALL -> LOG.warn("the agent of host {} sent a call, which it may not", host);
        }
    }

    private void answer(Call call, Frame frame) {
        try {
            call.reply().complete(frame.reply());
        } catch (JsonException e) {
            call.reply()
                    .complete(
                            Reply.Failed.failed(
                                    "the agent of host "
                                            + host
                                            + " answered what this program does not understand: "
                                            + e.getMessage(),
                                    "run the same version of xlctl and its agents"));
        }
    }

    private void end(Exception cause) {
        synchronized (writing) {
            if (ended.isEmpty()) {
                ended =
                        Optional.of(
                                new AgentUnreachableException(
                                        host,
                                        Problem.of(
                                                "the connection to the agent of host "
                                                        + host
                                                        + " ended: "
                                                        + cause.getMessage(),
                                                "see whether the host and its agent run"),
                                        cause));
            }
        }
        channel.disconnect();
        session.disconnect();
        failAll(ended.get());
    }

    private void failAll(AgentUnreachableException why) {
        calls.forEach(
                (id, call) -> {
                    calls.remove(id);
                    call.reply().completeExceptionally(why);
                });
    }
}
