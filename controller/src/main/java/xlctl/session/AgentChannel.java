package xlctl.session;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.Session;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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

    /** After which a thread that has nothing to write goes away. */
    private static final Duration IDLE = Duration.ofSeconds(10);

    private final HostName host;
    private final Line line;
    private final Session session;
    private final ChannelSubsystem channel;
    private final OutputStream out;
    private final Duration patience;
    private final ThreadPoolExecutor writer;
    private final AtomicLong ids = new AtomicLong();
    private final Map<Long, Call> calls = new ConcurrentHashMap<>();
    private volatile Optional<AgentUnreachableException> ended = Optional.empty();

    /** A request that waits for its answer. */
    private record Call(CompletableFuture<Reply> reply, Consumer<String> progress) {}

    private AgentChannel(
            HostName host,
            Line line,
            Session session,
            ChannelSubsystem channel,
            OutputStream out,
            Duration patience) {
        this.host = host;
        this.line = line;
        this.session = session;
        this.channel = channel;
        this.out = out;
        this.patience = patience;
        this.writer =
                new ThreadPoolExecutor(
                        1,
                        1,
                        IDLE.toSeconds(),
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> daemon("agent-writer-" + host, task));
        writer.allowCoreThreadTimeOut(true);
    }

    /**
     * Begins to read from a channel that is connected.
     *
     * @param in of the channel, taken before it was connected
     * @param patience how long the agent may let a request wait before it has taken it; then the
     *     connection counts as lost
     */
    static AgentChannel over(
            HostName host,
            Line line,
            Session session,
            ChannelSubsystem channel,
            InputStream in,
            OutputStream out,
            Duration patience) {
        AgentChannel opened = new AgentChannel(host, line, session, channel, out, patience);
        daemon("agent-reader-" + host, () -> opened.read(in)).start();
        return opened;
    }

    private static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    boolean hasEnded() {
        return ended.isPresent();
    }

    /** Returns at once, also when the agent takes nothing: another thread writes. */
    @Override
    public CompletableFuture<Reply> call(Request request, Consumer<String> progress) {
        long id = ids.incrementAndGet();
        Frame frame = Frame.call(id, request);
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        calls.put(id, new Call(reply, progress));
        ended.ifPresent(this::failAll);
        if (reply.isDone()) {
            return reply;
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        writer.execute(() -> write(frame, taken));
        return taken.orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, late) -> late == null)
                .thenCompose(
                        inTime -> {
                            if (!inTime) {
                                end(
                                        new IOException(
                                                "it took no request for "
                                                        + patience.toSeconds()
                                                        + " s"));
                            }
                            return reply;
                        });
    }

    private void write(Frame frame, CompletableFuture<Void> taken) {
        try {
            frame.writeTo(out);
        } catch (IOException | RuntimeException e) {
            end(e);
        } finally {
            taken.complete(null);
        }
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

    /**
     * JSch says goodbye before it lets go: the line is closed first, so that nobody waits for it.
     */
    private void end(Exception cause) {
        failAll(firstEnd(cause));
        line.close();
        channel.disconnect();
        session.disconnect();
    }

    private synchronized AgentUnreachableException firstEnd(Exception cause) {
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
        return ended.get();
    }

    private void failAll(AgentUnreachableException why) {
        calls.forEach(
                (id, call) -> {
                    calls.remove(id);
                    call.reply().completeExceptionally(why);
                });
    }
}
