package xlctl.operation;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.plan.Action;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Presence;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.swarm.DockerException;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Does what plans do with services and the registration of their hosts. A registration bears the
 * start of its operation as its time, which is how the operation knows it again. Used by several
 * threads.
 */
final class ServiceSteps {
    private final ClusterStore store;
    private final Journal journal;
    private final AgentCalls calls;
    private final SwarmAccess swarm;
    private final Limits limits;

    ServiceSteps(
            ClusterStore store,
            Journal journal,
            AgentCalls calls,
            SwarmAccess swarm,
            Limits limits) {
        this.store = store;
        this.journal = journal;
        this.calls = calls;
        this.swarm = swarm;
        this.limits = limits;
    }

    /**
     * @throws SupersededException when someone else took the operation over
     */
    StepResult run(
            Action.OfController action, Consumer<String> progress, Cancellation cancellation) {
        calls.awaitStore(cancellation);
        if (cancellation.isFired()) {
            return StepResult.cancelled("cancelled before it was begun");
        }
        try {
            if (action instanceof Action.CreateService create) {
                swarm.services().create(create.spec());
                return StepResult.done("");
            }
            if (action instanceof Action.RemoveService remove) {
                return remove(remove.host(), cancellation);
            }
            if (action instanceof Action.RegisterHost register) {
                return register(register, progress, cancellation);
            }
            return unregister((Action.UnregisterHost) action);
        } catch (DockerException e) {
            return switch (e.kind()) {
                case REFUSED -> StepResult.refused(e.problems());
                case UNREACHABLE -> StepResult.unreachable(e.problem());
                case FAILED -> StepResult.failed(e.problems());
            };
        }
    }

    /** Goes on behind the back of a caller who gives up: nothing else is done with the host. */
    private StepResult remove(HostName host, Cancellation cancellation) {
        CompletableFuture<Void> removal =
                swarm.ask(
                        services -> {
                            services.remove(host);
                            return null;
                        });
        try {
            CompletableFuture.anyOf(removal, cancellation.signal())
                    .get(limits.step().toNanos(), TimeUnit.NANOSECONDS);
            return removal.isDone()
                    ? StepResult.done("")
                    : StepResult.cancelled("cancelled while the service of " + host + " ends");
        } catch (TimeoutException e) {
            return StepResult.unreachable(
                    Problem.of(
                            "the service of host "
                                    + host
                                    + " was not gone within "
                                    + limits.step().toSeconds()
                                    + " s",
                            "see: docker service ls, docker ps"));
        } catch (ExecutionException e) {
            throw AgentCalls.unwrapped(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return StepResult.cancelled("interrupted while the service of " + host + " ends");
        }
    }

    private StepResult register(
            Action.RegisterHost register, Consumer<String> progress, Cancellation cancellation) {
        Optional<HostRecord> present = registered(register.host()).map(Versioned::value);
        if (present.isPresent()) {
            return alreadyRegistered(present.get());
        }
        TroubleWatch trouble = new TroubleWatch(swarm, register.host(), limits.agent(), progress);
        long began = calls.nanoTime();
        progress.accept("waiting for the agent of " + register.host());
        while (true) {
            calls.awaitStore(cancellation);
            Optional<Presence> agent = store.presence(register.host()).map(Versioned::value);
            if (cancellation.isFired()) {
                return StepResult.cancelled(
                        "cancelled while waiting for the agent of host " + register.host());
            }
            if (agent.isPresent()) {
                return accept(register, agent.get(), progress, cancellation);
            }
            Optional<String> certain = trouble.certain();
            if (certain.isPresent()) {
                return StepResult.failed(List.of(notUp(register, certain.get())));
            }
            if (calls.nanoTime() - began > limits.step().toNanos()) {
                return StepResult.unreachable(late(register, trouble.last()));
            }
            calls.pause(cancellation);
        }
    }

    private StepResult accept(
            Action.RegisterHost register,
            Presence agent,
            Consumer<String> progress,
            Cancellation cancellation) {
        if (!agent.agent().equals(register.agent())) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the agent of host "
                                            + register.host()
                                            + " says that it listens at "
                                            + agent.agent()
                                            + ", not at "
                                            + register.agent(),
                                    "find out which agent of that name is connected to"
                                            + " ZooKeeper")));
        }
        HostRecord record =
                new HostRecord(
                        register.host(),
                        register.agent(),
                        agent.hostKey(),
                        journal.header().started(),
                        agent.place(),
                        Optional.of(register.service()));
        AgentCalls.Answer answer =
                calls.ask(record, new Request.Inspect(), limits.newcomer(), progress, cancellation);
        Optional<StepResult> bad =
                answer.instead().or(() -> requireNew(record.host(), answer.reply().get()));
        return bad.orElseGet(() -> write(record));
    }

    private StepResult write(HostRecord record) {
        try {
            journal.alsoWrite(store.change().createHost(record));
            return StepResult.done("");
        } catch (StoreException.Stale e) {
            return registered(record.host())
                    .map(present -> alreadyRegistered(present.value()))
                    .orElseThrow(() -> e);
        }
    }

    private StepResult alreadyRegistered(HostRecord present) {
        if (isOurs(present)) {
            return StepResult.done("");
        }
        return StepResult.failed(
                List.of(
                        Problem.of(
                                "host "
                                        + present.host()
                                        + " was registered by someone else in the meantime",
                                "add the node again: the host is used as it is then")));
    }

    /** What nobody knows of is never taken for a fresh start. */
    private Optional<StepResult> requireNew(HostName host, Reply reply) {
        if (!(reply instanceof Reply.HostReport report)) {
            return Optional.of(
                    StepResult.failed(
                            List.of(
                                    Problem.of(
                                            "the agent of host " + host + " cannot say what it has",
                                            "see the agent's log on " + host))));
        }
        if (report.instances().isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                StepResult.failed(
                        List.of(
                                Problem.of(
                                        "host "
                                                + host
                                                + " is not registered, yet its agent has "
                                                + report.instances().stream()
                                                        .map(each -> each.instance().toString())
                                                        .sorted()
                                                        .collect(Collectors.joining(", ")),
                                        "restore ZooKeeper's data; or, if it was unregistered by"
                                                + " hand: host accept "
                                                + host))));
    }

    private StepResult unregister(Action.UnregisterHost unregister) {
        while (true) {
            Optional<Versioned<HostRecord>> present = registered(unregister.host());
            boolean that =
                    present.map(Versioned::value)
                            .filter(
                                    record ->
                                            unregister
                                                    .since()
                                                    .map(record.since()::equals)
                                                    .orElseGet(() -> isOurs(record)))
                            .isPresent();
            if (!that) {
                return StepResult.done("");
            }
            try {
                journal.alsoWrite(
                        store.change().deleteHost(unregister.host(), present.get().version()));
                return StepResult.done("");
            } catch (StoreException.Stale e) {
                calls.awaitStore(new Cancellation());
            }
        }
    }

    private boolean isOurs(HostRecord record) {
        return record.service().isPresent() && record.since().equals(journal.header().started());
    }

    private Optional<Versioned<HostRecord>> registered(HostName host) {
        return Optional.ofNullable(store.hosts().get(host));
    }

    private static Problem notUp(Action.RegisterHost register, String trouble) {
        return Problem.of(
                "service " + register.service() + " does not come up: " + trouble,
                "mend that, then add the node again");
    }

    private Problem late(Action.RegisterHost register, Optional<String> trouble) {
        return Problem.of(
                "the agent of service "
                        + register.service()
                        + " was not connected to ZooKeeper within "
                        + limits.step().toSeconds()
                        + " s"
                        + trouble.map(text -> ": " + text).orElse(""),
                "see: docker service ps --no-trunc "
                        + register.service()
                        + " and docker service logs "
                        + register.service());
    }
}
