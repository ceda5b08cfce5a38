package xlctl.agent.ssh;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.session.ServerSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Frame;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.json.JsonException;
import xlctl.topology.Problem;

/**
 * One controller's channel. A thread of its own reads calls and hands them to the workers; answers
 * and progress are written by whoever has them, one frame at a time. When the client is gone the
 * work goes on and what it says is dropped.
 */
final class Conversation implements Command {
    /** Calls of one channel that wait for their answer; more are refused. */
    static final int MAX_IN_FLIGHT = 4096;

    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);

    /** Progress is dropped rather than let a slow reader hold up the work. */
    private static final long PROGRESS_PATIENCE_MILLIS = 1000;

    private final AgentIdentity identity;
    private final RequestHandler handler;
    private final Executor workers;
    private final ReentrantLock writing = new ReentrantLock();
    private final Set<Long> inFlight = new HashSet<>();
    private volatile boolean gone;
    private boolean greeted;
    private ServerSession session;
    private InputStream in;
    private OutputStream out;
    private ExitCallback exit;

    Conversation(AgentIdentity identity, RequestHandler handler, Executor workers) {
        this.identity = identity;
        this.handler = handler;
        this.workers = workers;
    }

    @Override
    public void setInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public void setOutputStream(OutputStream out) {
        this.out = out;
    }

    @Override
    public void setErrorStream(OutputStream err) {
        // Nothing is ever said there.
    }

    @Override
    public void setExitCallback(ExitCallback exit) {
        this.exit = exit;
    }

    @Override
    public void start(ChannelSession channel, Environment environment) {
        session = channel.getServerSession();
        Thread reader = new Thread(this::converse, "agent-reader-" + session.getRemoteAddress());
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public void destroy(ChannelSession channel) {
        synchronized (inFlight) {
            gone = true;
            inFlight.notifyAll();
        }
    }

    private void converse() {
        try {
            Optional<Frame> frame = Frame.readFrom(in);
            while (frame.isPresent()) {
                receive(frame.get());
                frame = Frame.readFrom(in);
            }
            awaitAnswers();
            exit.onExit(0);
        } catch (Frame.MalformedFrameException | EOFException e) {
            hangUp(e.getMessage() == null ? "the stream ended inside a frame" : e.getMessage());
        } catch (IOException e) {
            LOG.debug("the connection of {} ended: {}", session.getRemoteAddress(), e.toString());
            exit.onExit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void hangUp(String found) {
        boolean leftAlready = gone;
        gone = true;
        if (leftAlready) {
            return;
        }
        LOG.warn(
                "{} ({}) does not speak the protocol: {}; connection closed",
                session.getRemoteAddress(),
                session.getUsername(),
                found);
        try {
            session.disconnect(SshConstants.SSH2_DISCONNECT_PROTOCOL_ERROR, found);
        } catch (IOException e) {
            LOG.debug("{} did not wait for the reason", session.getRemoteAddress());
            session.close(true);
        }
    }

    private void receive(Frame frame) throws IOException {
        if (frame.kind() != Frame.Kind.CALL) {
            throw new Frame.MalformedFrameException("a frame of the kind " + frame.kind());
        }
        long id = frame.id();
        Optional<Reply> refusal = admit(id);
        if (refusal.isPresent()) {
            write(Frame.answer(id, refusal.get()), true);
            return;
        }
        Request request;
        try {
            request = frame.request();
        } catch (JsonException e) {
            answer(id, unknown(frame, e));
            return;
        }
        if (request instanceof Request.Hello hello) {
            Reply reply = identity.greet(hello);
            greeted = reply instanceof Reply.Welcome;
            answer(id, reply);
        } else if (!greeted) {
            answer(
                    id,
                    Reply.Failed.refused(
                            "a call came before Hello", "send Hello first on every channel"));
        } else {
            dispatch(id, request);
        }
    }

    /** Notes a call as waiting for its answer, or says why there can be none. */
    private Optional<Reply> admit(long id) throws Frame.MalformedFrameException {
        synchronized (inFlight) {
            if (inFlight.contains(id)) {
                throw new Frame.MalformedFrameException(
                        "a call with the id " + id + ", which another one still has");
            }
            if (inFlight.size() >= MAX_IN_FLIGHT) {
                return Optional.of(
                        Reply.Failed.refused(
                                MAX_IN_FLIGHT + " calls of this channel wait for their answers",
                                "send it again when some have come"));
            }
            inFlight.add(id);
            return Optional.empty();
        }
    }

    private Reply unknown(Frame frame, JsonException e) {
        String request =
                frame.type().map(type -> "the request '" + type + "'").orElse("this request");
        return new Reply.Failed(
                Reply.Failed.Kind.UNKNOWN_REQUEST,
                List.of(
                        Problem.of(
                                "the agent of xlctl "
                                        + identity.version()
                                        + " on host "
                                        + identity.host()
                                        + " does not know "
                                        + request
                                        + ": "
                                        + e.getMessage(),
                                "upgrade it, or the shell: bring both to the same release")));
    }

    private void dispatch(long id, Request request) {
        try {
            workers.execute(() -> answer(id, handler.handle(request, text -> progress(id, text))));
        } catch (RejectedExecutionException e) {
            answer(id, Reply.Failed.refused("the agent is ending", "try again once it is back"));
        }
    }

    private void progress(long id, String text) {
        write(Frame.progress(id, text), false);
    }

    private void answer(long id, Reply reply) {
        try {
            write(frameOf(id, reply), true);
        } finally {
            synchronized (inFlight) {
                inFlight.remove(id);
                inFlight.notifyAll();
            }
        }
    }

    private static Frame frameOf(long id, Reply reply) {
        try {
            return Frame.answer(id, reply);
        } catch (RuntimeException e) {
            LOG.error("an answer cannot be sent", e);
            return Frame.answer(
                    id,
                    Reply.Failed.failed(
                            "the answer cannot be sent: " + e.getMessage(), "see the agent's log"));
        }
    }

    private void write(Frame frame, boolean mustArrive) {
        try {
            if (mustArrive) {
                writing.lock();
            } else if (!writing.tryLock(PROGRESS_PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        try {
            if (!gone) {
                frame.writeTo(out);
            }
        } catch (IOException e) {
            // The rest of a frame may be missing: nothing sent after it could be understood.
            gone = true;
            LOG.debug("an answer to {} is lost: {}", session.getRemoteAddress(), e.toString());
            session.close(true);
        } finally {
            writing.unlock();
        }
    }

    private void awaitAnswers() throws InterruptedException {
        synchronized (inFlight) {
            while (!inFlight.isEmpty() && !gone) {
                inFlight.wait();
            }
        }
    }
}
