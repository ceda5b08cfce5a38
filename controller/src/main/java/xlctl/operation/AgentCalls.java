package xlctl.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.StoreException;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Sends the requests of one operation and waits for their answers. A request whose connection ended
 * is sent again for a while: agents answer the same key with the same result.
 */
final class AgentCalls {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private final ClusterStore store;
    private final Agents agents;
    private final Map<HostName, HostRecord> hosts;
    private final Limits limits;
    private final Waiting waiting;
    private final Set<HostName> silent = ConcurrentHashMap.newKeySet();

    AgentCalls(
            ClusterStore store,
            Agents agents,
            Map<HostName, HostRecord> hosts,
            Limits limits,
            Waiting waiting) {
        this.store = store;
        this.agents = agents;
        this.hosts = new ConcurrentHashMap<>(hosts);
        this.limits = limits;
        this.waiting = waiting;
    }

    /** What came of a request: the agent's reply, or why there is none. */
    record Answer(Optional<Reply> reply, Optional<StepResult> instead) {
        static Answer of(Reply reply) {
            return new Answer(Optional.of(reply), Optional.empty());
        }

        static Answer none(StepResult result) {
            return new Answer(Optional.empty(), Optional.of(result));
        }

        StepResult then(Function<Reply, StepResult> assess) {
            return reply.map(assess).orElseGet(instead::get);
        }
    }

    /**
     * @param patience how long an agent may take to come back, from when it was first not reached
     * @throws StoreException.Unreachable when the connection to the store is lost and does not come
     *     back: nothing may be sent then
     */
    Answer ask(
            HostName host,
            Request request,
            Duration patience,
            Consumer<String> progress,
            Cancellation cancellation) {
        Optional<HostRecord> record = recordOf(host);
        if (record.isEmpty()) {
            return Answer.none(unregistered(host));
        }
        return ask(record.get(), request, patience, progress, cancellation);
    }

    /**
     * As for a host that is registered so, also before it is. One that let a step's time pass is
     * first asked for a sign of life: else every other step, and what undoes it, would wait as long
     * again.
     */
    Answer ask(
            HostRecord record,
            Request request,
            Duration patience,
            Consumer<String> progress,
            Cancellation cancellation) {
        HostName host = record.host();
        if (silent.contains(host)) {
            Answer sign =
                    exchange(
                            record,
                            new Request.Inspect(),
                            limits.agent(),
                            Duration.ZERO,
                            progress,
                            cancellation);
            if (sign.reply().isEmpty()) {
                return sign.instead().get().kind() == StepResult.Kind.UNREACHABLE
                        ? Answer.none(StepResult.unreachable(lifeless(host)))
                        : sign;
            }
            silent.remove(host);
        }
        return exchange(record, request, limits.step(), patience, progress, cancellation);
    }

    /** Logs in with the key that is to replace the controller's own. */
    StepResult tryFreshKey(HostName host, Cancellation cancellation) {
        Optional<HostRecord> record = recordOf(host);
        if (record.isEmpty()) {
            return unregistered(host);
        }
        awaitStore(cancellation);
        if (cancellation.isFired()) {
            return cancelled(host);
        }
        try {
            agents.tryFreshKey(record.get());
            return StepResult.done("it is let in");
        } catch (AgentUnreachableException e) {
            return StepResult.unreachable(e.problem());
        }
    }

    private static StepResult unregistered(HostName host) {
        return StepResult.failed(
                List.of(Problem.of("host " + host + " is not registered", "host accept " + host)));
    }

    private Answer exchange(
            HostRecord record,
            Request request,
            Duration limit,
            Duration patience,
            Consumer<String> progress,
            Cancellation cancellation) {
        HostName host = record.host();
        long began = waiting.nanoTime();
        Silence silence = new Silence(host, waiting, progress);
        Optional<Long> lost = Optional.empty();
        while (true) {
            awaitStore(cancellation);
            if (cancellation.isFired()) {
                return Answer.none(cancelled(host));
            }
            try {
                CompletableFuture<Reply> reply = agents.to(record).call(request, silence);
                return await(host, reply, silence, began, limit, cancellation);
            } catch (AgentUnreachableException e) {
                long now = waiting.nanoTime();
                boolean first = lost.isEmpty();
                lost = Optional.of(lost.orElse(now));
                boolean patient =
                        now - lost.get() < patience.toNanos() && now - began < limit.toNanos();
                if (!patient) {
                    return Answer.none(StepResult.unreachable(e.problem()));
                }
                if (first) {
                    progress.accept(
                            e.problem().what()
                                    + "; trying again for "
                                    + Math.max(1, patience.toSeconds())
                                    + " s");
                }
                pause(cancellation);
            }
        }
    }

    /** Those that are not among the hosts of the beginning may have been registered since. */
    private Optional<HostRecord> recordOf(HostName host) {
        if (!hosts.containsKey(host)) {
            Optional.ofNullable(store.hosts().get(host))
                    .ifPresent(found -> hosts.put(host, found.value()));
        }
        return Optional.ofNullable(hosts.get(host));
    }

    private Answer await(
            HostName host,
            CompletableFuture<Reply> reply,
            Silence silence,
            long began,
            Duration limit,
            Cancellation cancellation) {
        CompletableFuture<Object> either =
                CompletableFuture.anyOf(reply, cancellation.signal()).handle((done, error) -> done);
        try {
            Duration left = left(began, limit);
            while (!waiting.until(either, shorter(left, silence.untilNextWord()))) {
                left = left(began, limit);
                if (left.isZero()) {
                    silent.add(host);
                    return Answer.none(StepResult.unreachable(unanswered(host, limit)));
                }
                silence.tell(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.none(cancelled(host));
        }
        if (reply.isDone()) {
            return Answer.of(answer(reply));
        }
        if (silence.lasts().compareTo(limits.agent()) > 0) {
            silent.add(host);
        }
        return Answer.none(cancelled(host));
    }

    private static Reply answer(CompletableFuture<Reply> reply) {
        try {
            return reply.join();
        } catch (CompletionException e) {
            throw unwrapped(e.getCause());
        }
    }

    private Duration left(long began, Duration limit) {
        Duration left = limit.minusNanos(waiting.nanoTime() - began);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    private Problem lifeless(HostName host) {
        return Problem.of(
                "the agent of host "
                        + host
                        + " did not answer within "
                        + limits.step().toSeconds()
                        + " s, and gives no sign of life since",
                "see the agent's log on " + host);
    }

    private static Problem unanswered(HostName host, Duration limit) {
        return Problem.of(
                "the agent of host "
                        + host
                        + " did not answer within "
                        + Math.max(1, limit.toSeconds())
                        + " s; what it was asked for may still happen when it is back",
                "see the agent's log on " + host);
    }

    /** While the connection to the store is in doubt, nothing new is sent. */
    void awaitStore(Cancellation cancellation) {
        long began = waiting.nanoTime();
        long now = began;
        while (!store.tree().connected() && !cancellation.isFired()) {
            if (now - began > limits.store().toNanos()) {
                throw new StoreException.Unreachable(
                        "the connection to ZooKeeper is lost and did not come back within "
                                + limits.store().toSeconds()
                                + " s",
                        null);
            }
            pause(cancellation);
            // Before the connection is looked at: it may return meanwhile.
            now = waiting.nanoTime();
        }
    }

    void pause(Cancellation cancellation) {
        try {
            waiting.until(cancellation.signal(), PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.fire();
        }
    }

    long nanoTime() {
        return waiting.nanoTime();
    }

    private static StepResult cancelled(HostName host) {
        return StepResult.cancelled("cancelled while waiting for the agent of host " + host);
    }

    static RuntimeException unwrapped(Throwable cause) {
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof RuntimeException exception) {
            return exception;
        }
        return new IllegalStateException(cause);
    }
}
