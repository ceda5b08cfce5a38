package xlctl.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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

    AgentCalls(ClusterStore store, Agents agents, Map<HostName, HostRecord> hosts, Limits limits) {
        this.store = store;
        this.agents = agents;
        this.hosts = new ConcurrentHashMap<>(hosts);
        this.limits = limits;
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
            return Answer.none(
                    StepResult.failed(
                            List.of(
                                    Problem.of(
                                            "host " + host + " is not registered",
                                            "host accept " + host))));
        }
        return ask(record.get(), request, patience, progress, cancellation);
    }

    /** As for a host that is registered so, also before it is. */
    Answer ask(
            HostRecord record,
            Request request,
            Duration patience,
            Consumer<String> progress,
            Cancellation cancellation) {
        HostName host = record.host();
        long began = System.nanoTime();
        Optional<Long> lost = Optional.empty();
        while (true) {
            awaitStore(cancellation);
            if (cancellation.isFired()) {
                return Answer.none(cancelled(host));
            }
            try {
                CompletableFuture<Reply> reply = agents.to(record).call(request, progress);
                return await(host, reply, began, cancellation);
            } catch (AgentUnreachableException e) {
                long now = System.nanoTime();
                lost = Optional.of(lost.orElse(now));
                boolean patient =
                        now - lost.get() < patience.toNanos()
                                && now - began < limits.step().toNanos();
                if (!patient) {
                    return Answer.none(StepResult.unreachable(e.problem()));
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
            HostName host, CompletableFuture<Reply> reply, long began, Cancellation cancellation) {
        long left = limits.step().toNanos() - (System.nanoTime() - began);
        try {
            CompletableFuture.anyOf(reply, cancellation.signal())
                    .get(Math.max(left, 1), TimeUnit.NANOSECONDS);
            return reply.isDone() ? Answer.of(reply.join()) : Answer.none(cancelled(host));
        } catch (TimeoutException e) {
            return Answer.none(
                    StepResult.unreachable(
                            Problem.of(
                                    "the agent of host "
                                            + host
                                            + " did not answer within "
                                            + limits.step().toSeconds()
                                            + " s",
                                    "see the agent's log on " + host)));
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Answer.none(cancelled(host));
        }
    }

    /** While the connection to the store is in doubt, nothing new is sent. */
    void awaitStore(Cancellation cancellation) {
        long began = System.nanoTime();
        while (!store.tree().connected() && !cancellation.isFired()) {
            if (System.nanoTime() - began > limits.store().toNanos()) {
                throw new StoreException.Unreachable(
                        "the connection to ZooKeeper is lost and did not come back within "
                                + limits.store().toSeconds()
                                + " s",
                        null);
            }
            pause(cancellation);
        }
    }

    static void pause(Cancellation cancellation) {
        try {
            cancellation.signal().get(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return;
        } catch (ExecutionException e) {
            throw unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.fire();
        }
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
