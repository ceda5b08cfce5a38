package xlctl.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import xlctl.agent.api.PasswordVerifier;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.plan.Action;
import xlctl.plan.HostFitness;
import xlctl.plan.KeyAction;
import xlctl.plan.TablesHeld;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;
import xlctl.topology.Role;

/** Does what agents are asked for by the actions of a plan. Used by several threads. */
final class StepRunner {
    private static final Duration MOMENT = Duration.ofSeconds(15);

    private final AgentCalls calls;
    private final Credentials credentials;
    private final Certification certification;
    private final KeyReplacement keys;
    private final IntSupplier topologyVersion;
    private final Limits limits;

    /**
     * @param topologyVersion the version that hosts must have taken note of, once there is one
     */
    StepRunner(
            AgentCalls calls,
            Credentials credentials,
            Certification certification,
            KeyReplacement keys,
            IntSupplier topologyVersion,
            Limits limits) {
        this.calls = calls;
        this.certification = certification;
        this.keys = keys;
        this.credentials = credentials;
        this.topologyVersion = topologyVersion;
        this.limits = limits;
    }

    /**
     * @throws SupersededException when the agent knows a newer attempt of the operation
     */
    StepResult run(
            Action action, StepKey key, Consumer<String> progress, Cancellation cancellation) {
        if (action instanceof Action.CheckPlace check) {
            return checkPlace(check, progress, cancellation);
        }
        if (action instanceof Action.CheckInstance check) {
            return check(check, progress, cancellation);
        }
        if (action instanceof Action.CheckNoTables check) {
            return checkNoTables(check, progress, cancellation);
        }
        if (action instanceof Action.Converge converge) {
            return converge(converge, progress, cancellation);
        }
        if (action instanceof Action.TakeNote note) {
            return takeNote(note, progress, cancellation);
        }
        if (action instanceof Action.OfCertificate certificate) {
            return certification.run(certificate, key, progress, cancellation);
        }
        if (action instanceof KeyAction replacement) {
            return keys.run(replacement, key, progress, cancellation);
        }
        if (action instanceof Action.CreateRole create) {
            return createRole(create, key, progress, cancellation);
        }
        if (action instanceof Action.TakePasswords take) {
            return takePasswords(take, key, progress, cancellation);
        }
        HostName host = action.where().orElseThrow();
        AgentCalls.Answer answer =
                calls.ask(host, request(action, key), limits.agent(), progress, cancellation);
        if (action instanceof Action.UnlockDdl && answer.reply().isEmpty()) {
            return unlocked(host, answer.instead().get());
        }
        return answer.reply().map(reply -> result(reply, key)).orElseGet(answer.instead()::get);
    }

    /** What has it of the password is in nobody's journal: only who asked for the role has it. */
    private StepResult createRole(
            Action.CreateRole create,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation) {
        Optional<PasswordVerifier> verifier = credentials.givenFor(create.name());
        if (verifier.isEmpty()) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the password of role "
                                            + create.name()
                                            + " is kept nowhere, so this cannot be gone on with",
                                    "see with Psql -c '\\du' whether the role is there; if not,"
                                            + " Createuser again")));
        }
        Request request =
                new Request.CreateRole(
                        key, create.instance(), create.name(), create.powers(), verifier.get());
        return calls.ask(create.host(), request, limits.agent(), progress, cancellation)
                .then(reply -> result(reply, key));
    }

    /** Read from the store each time: they change while the operation goes on. */
    private StepResult takePasswords(
            Action.TakePasswords take,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation) {
        Optional<Request.TakeSecrets> request = credentials.taking(take, key);
        if (request.isEmpty()) {
            return StepResult.failed(List.of(credentials.noNext()));
        }
        return calls.ask(take.host(), request.get(), limits.agent(), progress, cancellation)
                .then(reply -> result(reply, key));
    }

    /** A lock whose agent is away is gone, or goes away by itself. */
    private static StepResult unlocked(HostName host, StepResult why) {
        return why.kind() == StepResult.Kind.UNREACHABLE
                ? StepResult.noticed(
                        "host "
                                + host
                                + " could not be told to let DDL in again; it does so by itself: "
                                + why.detail())
                : why;
    }

    private Request request(Action action, StepKey key) {
        if (action instanceof Action.PrepareInstance prepare) {
            return new Request.Prepare(
                    key,
                    prepare.spec(),
                    credentials.forInstanceOf(prepare.spec().engine(), prepare.spec().kind()));
        }
        if (action instanceof Action.StartInstance start) {
            return new Request.Start(key, start.instance(), start.generation(), limits.server());
        }
        if (action instanceof Action.StopInstance stop) {
            return new Request.Stop(key, stop.instance(), stop.mode(), limits.server());
        }
        if (action instanceof Action.KillInstance kill) {
            return new Request.Kill(key, kill.instance());
        }
        if (action instanceof Action.DiscardInstance discard) {
            return new Request.Discard(key, discard.instance(), discard.disposal());
        }
        if (action instanceof Action.CopyDefinitions copy) {
            return new Request.CopyDefinitions(key, copy.instance(), copy.source());
        }
        if (action instanceof Action.LockDdl lock) {
            return new Request.LockDdl(key, lock.instance(), limits.ddlLock());
        }
        if (action instanceof Action.UnlockDdl unlock) {
            return new Request.UnlockDdl(key, unlock.instance());
        }
        if (action instanceof Action.CheckDdlLock check) {
            return new Request.CheckDdlLock(check.instance(), key.operation());
        }
        if (action instanceof Action.Reconnect reconnect) {
            return new Request.Reconnect(key, reconnect.instance());
        }
        if (action instanceof Action.CreateDatabase create) {
            return new Request.CreateDatabase(
                    key, create.instance(), create.name(), create.owner());
        }
        if (action instanceof Action.OpenDatabase open) {
            return new Request.OpenDatabase(key, open.instance(), open.name());
        }
        if (action instanceof Action.DropDatabase drop) {
            return new Request.DropDatabase(key, drop.instance(), drop.name());
        }
        throw new IllegalArgumentException("no request of an agent does this: " + action);
    }

    static StepResult result(Reply reply, StepKey key) {
        if (reply instanceof Reply.Done done) {
            return StepResult.done(done.detail());
        }
        if (reply instanceof Reply.Failed failed && failed.kind() == Reply.Failed.Kind.SUPERSEDED) {
            throw new SupersededException(
                    "operation "
                            + key.operation()
                            + " was taken over by someone else: "
                            + failed.problems().get(0));
        }
        return failure(reply);
    }

    /** What planning asks of hosts that are there by then. */
    private StepResult checkPlace(
            Action.CheckPlace check, Consumer<String> progress, Cancellation cancellation) {
        AgentCalls.Answer host =
                calls.ask(
                        check.host(),
                        new Request.Inspect(),
                        limits.agent(),
                        progress,
                        cancellation);
        if (host.instead().isPresent()) {
            return host.instead().get();
        }
        AgentCalls.Answer place =
                calls.ask(
                        check.host(),
                        new Request.ProbePlace(check.spec()),
                        limits.agent(),
                        progress,
                        cancellation);
        return place.reply()
                .map(reply -> assessPlace(check, host.reply().get(), reply))
                .orElseGet(place.instead()::get);
    }

    private static StepResult assessPlace(Action.CheckPlace check, Reply host, Reply place) {
        if (!(host instanceof Reply.HostReport report)) {
            return failure(host);
        }
        if (!(place instanceof Reply.PlaceReport found)) {
            return failure(place);
        }
        List<Problem> problems = new ArrayList<>();
        HostFitness.of(check.host(), report, check.spec().engine())
                .forEach(refusal -> problems.add(refusal.problem()));
        found.problems()
                .forEach(
                        problem ->
                                problems.add(
                                        Problem.of(
                                                "host " + check.host() + ": " + problem.what(),
                                                problem.remedy())));
        return problems.isEmpty() ? StepResult.done("it can") : StepResult.failed(problems);
    }

    private StepResult check(
            Action.CheckInstance check, Consumer<String> progress, Cancellation cancellation) {
        AgentCalls.Answer answer =
                calls.ask(
                        check.host(),
                        new Request.Inspect(),
                        limits.agent(),
                        progress,
                        cancellation);
        return answer.reply()
                .map(reply -> assess(check.instance(), reply))
                .orElseGet(answer.instead()::get);
    }

    private StepResult checkNoTables(
            Action.CheckNoTables check, Consumer<String> progress, Cancellation cancellation) {
        AgentCalls.Answer answer =
                calls.ask(
                        check.host(),
                        new Request.ListUserTables(check.instance()),
                        limits.agent(),
                        progress,
                        cancellation);
        return answer.reply()
                .map(reply -> assessTables(check.instance(), reply))
                .orElseGet(answer.instead()::get);
    }

    private static StepResult assessTables(InstanceName instance, Reply reply) {
        if (reply instanceof Reply.UserTables tables) {
            return TablesHeld.by(instance.node().toString(), tables)
                    .map(held -> StepResult.failed(List.of(held)))
                    .orElseGet(() -> StepResult.done("none"));
        }
        return failure(reply);
    }

    private static StepResult assess(InstanceName instance, Reply reply) {
        if (reply instanceof Reply.HostReport report) {
            return assess(instance, report);
        }
        return failure(reply);
    }

    private static StepResult assess(InstanceName instance, Reply.HostReport report) {
        Optional<InstanceReport> found =
                report.instances().stream()
                        .filter(each -> each.instance().equals(instance))
                        .findFirst();
        if (found.isEmpty()) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the agent of host "
                                            + report.host()
                                            + " does not know "
                                            + instance,
                                    "see the agent's log on " + report.host())));
        }
        boolean up = found.get().state() == InstanceReport.State.UP;
        boolean master = found.get().role().map(Role.MASTER::equals).orElse(true);
        if (up && master) {
            return StepResult.done("up");
        }
        return StepResult.failed(
                List.of(
                        Problem.of(
                                instance
                                        + " on "
                                        + report.host()
                                        + (up
                                                ? " is up, but not as a master"
                                                : " is not up but " + word(found.get())),
                                "see its server log on " + report.host())));
    }

    private static String word(InstanceReport report) {
        return report.state().name().toLowerCase(Locale.ROOT)
                + (report.why().isEmpty() ? "" : ": " + report.why());
    }

    /** A host that cannot be reached takes note when it is back; one that can be must do so now. */
    private StepResult converge(
            Action.Converge converge, Consumer<String> progress, Cancellation cancellation) {
        Duration patience = limits.step().multipliedBy(9).dividedBy(10);
        AgentCalls.Answer answer =
                calls.ask(
                        converge.host(),
                        new Request.AwaitConvergence(topologyVersion.getAsInt(), patience),
                        Duration.ZERO,
                        progress,
                        cancellation);
        return answer.reply()
                .map(StepRunner::converged)
                .orElseGet(() -> unconverged(converge.host(), answer.instead().get()));
    }

    private StepResult takeNote(
            Action.TakeNote note, Consumer<String> progress, Cancellation cancellation) {
        Duration patience = limits.step().multipliedBy(9).dividedBy(10);
        AgentCalls.Answer answer =
                calls.ask(
                        note.host(),
                        new Request.AwaitConvergence(
                                topologyVersion.getAsInt(),
                                patience.compareTo(MOMENT) < 0 ? patience : MOMENT),
                        Duration.ZERO,
                        progress,
                        cancellation);
        StepResult result =
                answer.reply()
                        .map(reply -> noted(note.host(), reply))
                        .orElseGet(() -> unconverged(note.host(), answer.instead().get()));
        return result.kind() == StepResult.Kind.FAILED
                ? StepResult.noticed(
                        "host "
                                + note.host()
                                + " cannot forget it yet, and goes on trying: "
                                + result.detail())
                : result;
    }

    private static StepResult noted(HostName host, Reply reply) {
        return reply instanceof Reply.Converged converged && converged.leftovers().isPresent()
                ? StepResult.noticed(
                        "host "
                                + host
                                + " cannot forget all of it yet, and goes on trying: "
                                + converged.leftovers().get().stream()
                                        .map(Problem::toString)
                                        .collect(Collectors.joining("; ")))
                : converged(reply);
    }

    private static StepResult converged(Reply reply) {
        if (reply instanceof Reply.Converged converged) {
            return StepResult.done("matches version " + converged.topologyVersion());
        }
        return failure(reply);
    }

    private static StepResult unconverged(HostName host, StepResult why) {
        return why.kind() == StepResult.Kind.UNREACHABLE
                ? StepResult.noticed(
                        "host "
                                + host
                                + " has not taken note yet and will when it is back: "
                                + why.detail())
                : why;
    }

    static StepResult failure(Reply reply) {
        if (reply instanceof Reply.Failed failed) {
            return switch (failed.kind()) {
                case REFUSED, UNKNOWN_REQUEST -> StepResult.refused(failed.problems());
                case UNREACHABLE -> StepResult.unreachable(failed.problems());
                case FAILED, SUPERSEDED -> StepResult.failed(failed.problems());
            };
        }
        return unexpected(reply);
    }

    private static StepResult unexpected(Reply reply) {
        return StepResult.failed(
                List.of(
                        Problem.of(
                                "an agent answered with a " + reply.getClass().getSimpleName(),
                                "run the same version of xlctl and its agents")));
    }
}
