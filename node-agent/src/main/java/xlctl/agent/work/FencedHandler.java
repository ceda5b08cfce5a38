package xlctl.agent.work;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.api.StepKey;
import xlctl.json.Json;
import xlctl.text.FileTrouble;
import xlctl.topology.Problem;

/**
 * Lets each change through once and in order. The highest attempt of an operation wins, across
 * restarts; the same key joins the work under way or gets its result; a newer attempt first ends
 * what an older one left running; one change at a time per subject. A change goes on when its
 * caller is gone. What the handler throws becomes a failure, with its stack trace in the log.
 */
public final class FencedHandler implements RequestHandler, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FencedHandler.class);

    /** How long a newer attempt waits for an older one to end. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long works have to end when the agent does: they are interrupted. */
    private static final Duration LAST_PATIENCE = Duration.ofSeconds(5);

    private final RequestHandler handler;
    private final Duration patience;

    // Guarded by this.
    private final OperationLedger ledger;
    private final Map<StepKey, Work> running = new HashMap<>();
    private final Map<String, Work> last = new HashMap<>();

    /** The newest operation that had a server started or ended. */
    private final Map<String, Long> startedOrEnded = new HashMap<>();

    private boolean closing;

    private FencedHandler(RequestHandler handler, OperationLedger ledger, Duration patience) {
        this.handler = requireNonNull(handler, "handler is null");
        this.ledger = ledger;
        this.patience = patience;
    }

    /**
     * @param stateDirectory the attempts seen are kept below it, in {@code operations}
     * @throws IOException when what is kept there cannot be read
     */
    public static FencedHandler open(Path stateDirectory, RequestHandler handler)
            throws IOException {
        return open(stateDirectory, handler, PATIENCE);
    }

    static FencedHandler open(Path stateDirectory, RequestHandler handler, Duration patience)
            throws IOException {
        return new FencedHandler(
                handler, OperationLedger.open(stateDirectory.resolve("operations")), patience);
    }

    @Override
    public Reply handle(Request request, Consumer<String> progress) {
        if (request instanceof Request.Changing change) {
            return change(change, progress);
        }
        return guarded(request, request.getClass().getSimpleName(), progress);
    }

    private Reply change(Request.Changing request, Consumer<String> progress) {
        CompletableFuture<Reply> reply;
        try {
            reply = accept(request, progress);
        } catch (IOException e) {
            LOG.error("attempt {} cannot be noted", request.key(), e);
            return Reply.Failed.failed(
                    "the agent cannot write down the attempt of step "
                            + request.key()
                            + ": "
                            + FileTrouble.named(e),
                    "look at the disk of the agent's state directory; nothing was done");
        }
        try {
            return reply.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ending(request.key());
        } catch (ExecutionException e) {
            throw new IllegalStateException("a work ends with an answer, never like this", e);
        }
    }

    /**
     * Ends the works under way and lets none begin. What was cut short is not remembered: it may be
     * asked for again.
     */
    @Override
    public void close() {
        List<Work> works;
        synchronized (this) {
            closing = true;
            works = List.copyOf(running.values());
            works.forEach(Work::cancel);
        }
        CompletableFuture<Void> all =
                CompletableFuture.allOf(
                        works.stream().map(Work::reply).toArray(CompletableFuture<?>[]::new));
        try {
            all.get(LAST_PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            LOG.warn("a work did not end when it was asked to; it ends with this process");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a work ends with an answer, never like this", e);
        }
    }

    private static Reply ending(StepKey key) {
        return Reply.Failed.failed(
                "the agent is ending while it works on step " + key,
                "resume the operation once the agent is back");
    }

    /** Answers at once, joins the same work, or starts it. */
    private synchronized CompletableFuture<Reply> accept(
            Request.Changing request, Consumer<String> progress) throws IOException {
        StepKey key = request.key();
        if (closing) {
            return CompletableFuture.completedFuture(ending(key));
        }
        int highest = ledger.attempt(key.operation()).orElse(Integer.MIN_VALUE);
        if (key.attempt() < highest || ledger.isForgotten(key.operation())) {
            return CompletableFuture.completedFuture(superseded(key));
        }
        if (key.attempt() > highest) {
            ledger.raise(key.operation(), key.attempt());
        }
        String fingerprint = fingerprint(request);
        Optional<OperationLedger.Ended> ended = ledger.ended(key);
        Work work = running.get(key);
        if (ended.isPresent() || work != null) {
            String known = work != null ? work.fingerprint() : ended.get().fingerprint();
            if (!known.equals(fingerprint)) {
                return CompletableFuture.completedFuture(anotherRequest(request));
            }
            if (work == null) {
                return CompletableFuture.completedFuture(ended.get().reply());
            }
            work.listen(progress);
            return work.reply();
        }
        Optional<Reply> late = late(request);
        return late.isPresent()
                ? CompletableFuture.completedFuture(late.get())
                : start(request, fingerprint, progress).reply();
    }

    /**
     * What an agent that was frozen was asked for may come after what a later operation asked for,
     * on another connection. Operations that start and end servers never run beside each other, so
     * the one with the higher number is what the operator wanted last.
     */
    private Optional<Reply> late(Request.Changing request) {
        if (!(request instanceof Request.Start
                || request instanceof Request.Stop
                || request instanceof Request.Kill)) {
            return Optional.empty();
        }
        long operation = request.key().operation();
        long newest = startedOrEnded.merge(request.subject(), operation, Math::max);
        if (newest == operation) {
            return Optional.empty();
        }
        return Optional.of(
                new Reply.Failed(
                        Reply.Failed.Kind.SUPERSEDED,
                        List.of(
                                Problem.of(
                                        "operation "
                                                + operation
                                                + " asks too late for what becomes of "
                                                + request.subject()
                                                + ": operation "
                                                + newest
                                                + " has asked since",
                                        "operation show " + newest))));
    }

    private Work start(Request.Changing request, String fingerprint, Consumer<String> progress) {
        StepKey key = request.key();
        List<Work> older =
                running.values().stream()
                        .filter(work -> work.key().operation() == key.operation())
                        .filter(work -> work.key().attempt() < key.attempt())
                        .collect(Collectors.toList());
        Work before = last.get(request.subject());
        Work work =
                new Work(
                        request,
                        fingerprint,
                        older,
                        before == null ? CompletableFuture.completedFuture(null) : before.over(),
                        this::run);
        work.listen(progress);
        older.forEach(Work::cancel);
        work.start();
        running.put(key, work);
        last.put(request.subject(), work);
        work.whenOver(() -> forget(work));
        return work;
    }

    private void run(Work work) {
        try {
            Optional<Reply> hindrance = awaitTurn(work);
            Reply reply =
                    hindrance.orElseGet(() -> guarded(work.request(), work.name(), work::progress));
            boolean cutShort = work.isCancelled() && reply instanceof Reply.Failed;
            end(
                    work,
                    cutShort ? cutShort(work.key()) : reply,
                    hindrance.isEmpty() && !(cutShort && isClosing()));
        } catch (InterruptedException e) {
            end(work, cutShort(work.key()), false);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a work ends with an answer, never like this", e);
        }
    }

    /** Waits until the work may begin; holds what keeps it from ever beginning. */
    private Optional<Reply> awaitTurn(Work work) throws InterruptedException, ExecutionException {
        long deadline = System.nanoTime() + patience.toNanos();
        for (Work older : work.superseded()) {
            try {
                older.reply().get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                return Optional.of(
                        Reply.Failed.failed(
                                "step "
                                        + work.key()
                                        + " cannot begin: "
                                        + older.name()
                                        + ", step "
                                        + older.key()
                                        + ", has not ended "
                                        + patience.toSeconds()
                                        + " s after it was asked to",
                                "resume the operation later; if it never ends, restart the agent"));
            }
        }
        work.turn().get();
        return work.isCancelled() ? Optional.of(cutShort(work.key())) : Optional.empty();
    }

    private void end(Work work, Reply reply, boolean remembered) {
        synchronized (this) {
            running.remove(work.key());
            if (remembered) {
                try {
                    ledger.end(work.key(), new OperationLedger.Ended(work.fingerprint(), reply));
                } catch (IOException e) {
                    LOG.error(
                            "step {} is done, but that cannot be written down; a restarted agent"
                                    + " would do it again, which does no harm",
                            work.key(),
                            e);
                }
            }
        }
        work.complete(reply);
    }

    private synchronized void forget(Work work) {
        last.remove(work.request().subject(), work);
    }

    private Reply guarded(Request request, String name, Consumer<String> progress) {
        try {
            return requireNonNull(handler.handle(request, progress), "no answer");
        } catch (RuntimeException | Error e) {
            LOG.error("{} failed unexpectedly", name, e);
            return Reply.Failed.failed(
                    name + " failed unexpectedly: " + e, "the agent's log has the details");
        }
    }

    private synchronized boolean isClosing() {
        return closing;
    }

    private Reply cutShort(StepKey key) {
        return isClosing() ? ending(key) : superseded(key);
    }

    private synchronized Reply superseded(StepKey key) {
        Optional<Integer> highest = ledger.attempt(key.operation());
        String found =
                highest.isPresent()
                        ? "attempt " + highest.get() + " of it is known here"
                        : "only the newest " + OperationLedger.KEPT + " operations are known here";
        return new Reply.Failed(
                Reply.Failed.Kind.SUPERSEDED,
                List.of(
                        Problem.of(
                                "step "
                                        + key.step()
                                        + " of operation "
                                        + key.operation()
                                        + " came with attempt "
                                        + key.attempt()
                                        + ", but "
                                        + found,
                                "somebody else has taken the operation over: operation show "
                                        + key.operation())));
    }

    private static Reply anotherRequest(Request.Changing request) {
        return Reply.Failed.refused(
                "step "
                        + request.key()
                        + " was another request on this host than "
                        + request.getClass().getSimpleName()
                        + " of "
                        + request.subject(),
                "if the cluster's record in ZooKeeper was made anew, give this agent an empty state"
                        + " directory");
    }

    /** Tells requests apart without keeping the secrets in them. */
    private static String fingerprint(Request request) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(Json.write(request)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
