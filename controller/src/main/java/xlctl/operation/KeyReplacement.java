package xlctl.operation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import xlctl.agent.api.ControllerKey;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.plan.KeyAction;
import xlctl.plan.OwnKeyFacts;
import xlctl.session.Agents;
import xlctl.session.OwnKey;
import xlctl.store.HostKeyFingerprint;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Replaces the SSH key of the home. An operation that was left open can be gone on with by the home
 * that began it, for the new key is there alone. Used by several threads.
 */
final class KeyReplacement {
    private final Agents agents;
    private final AgentCalls calls;
    private final Limits limits;

    KeyReplacement(Agents agents, AgentCalls calls, Limits limits) {
        this.agents = agents;
        this.calls = calls;
        this.limits = limits;
    }

    /** What planning must know of the key. */
    static OwnKeyFacts facts(OwnKey own) {
        List<Problem> problems = new ArrayList<>();
        own.hindrance()
                .ifPresent(
                        why ->
                                problems.add(
                                        Problem.of(
                                                "the SSH key of this shell cannot be replaced: "
                                                        + why,
                                                "the setting ssh-key names it: use a home whose"
                                                        + " key is a file that you may replace")));
        try {
            return new OwnKeyFacts(Optional.of(own.publicHalf()), own.former(), problems);
        } catch (IOException e) {
            problems.add(
                    Problem.of(
                            "the SSH key of this shell cannot be read: " + e.getMessage(),
                            "see the setting ssh-key"));
            return new OwnKeyFacts(Optional.empty(), Optional.empty(), problems);
        }
    }

    StepResult run(
            KeyAction action, StepKey key, Consumer<String> progress, Cancellation cancellation) {
        OwnKey own = agents.ownKey();
        try {
            return switch (stageOf(action, own)) {
                case BEFORE -> before(action, own, key, progress, cancellation);
                case AFTER -> after(action, own, key, progress, cancellation);
                case ELSEWHERE -> StepResult.failed(List.of(elsewhere(action.replaced(), own)));
            };
        } catch (IOException e) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the files of the SSH key " + own.file() + ": " + e,
                                    "see that they can be read and their directory written")));
        }
    }

    /** How far this home is with the replacement of a key. */
    private enum Stage {
        BEFORE,
        AFTER,
        ELSEWHERE
    }

    private static Stage stageOf(KeyAction action, OwnKey own) throws IOException {
        ControllerKey present = own.publicHalf();
        if (present.equals(action.replaced())) {
            return Stage.BEFORE;
        }
        boolean taken = own.former().filter(action.replaced()::equals).isPresent();
        return taken || action instanceof KeyAction.ForgetKey ? Stage.AFTER : Stage.ELSEWHERE;
    }

    /** While the key that is replaced is in use. */
    private StepResult before(
            KeyAction action,
            OwnKey own,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation)
            throws IOException {
        if (action instanceof KeyAction.MakeKey) {
            ControllerKey made = own.make("xlctl, operation " + key.operation());
            return StepResult.done("the new key is " + HostKeyFingerprint.of(made.openSsh()));
        }
        if (action instanceof KeyAction.DropKey) {
            own.drop();
            return StepResult.done("the new key is removed");
        }
        Optional<ControllerKey> fresh = own.fresh();
        if (action instanceof KeyAction.DismissKey dismiss) {
            return fresh.isPresent()
                    ? ask(
                            dismiss.host(),
                            new Request.WithdrawKey(key, fresh.get()),
                            key,
                            progress,
                            cancellation)
                    : StepResult.noticed(
                            "the new key is not in "
                                    + own.freshFile()
                                    + " any more: a line of it may be left in the authorized keys"
                                    + " of "
                                    + dismiss.host()
                                    + ", with the comment \"xlctl, operation "
                                    + key.operation()
                                    + "\"; take it out");
        }
        if (fresh.isEmpty()) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the new key is not in " + own.freshFile() + " any more",
                                    action instanceof KeyAction.TakeKey
                                            ? "put it back there; if it is lost, make another there"
                                                    + " with ssh-keygen, and add its public half to"
                                                    + " the authorized keys of every agent"
                                            : "operation rollback " + key.operation())));
        }
        if (action instanceof KeyAction.AdmitKey admit) {
            return ask(
                    admit.host(),
                    new Request.AdmitKey(key, fresh.get()),
                    key,
                    progress,
                    cancellation);
        }
        if (action instanceof KeyAction.TryKey attempt) {
            return calls.tryFreshKey(attempt.host(), cancellation);
        }
        if (action instanceof KeyAction.TakeKey) {
            own.take();
            return taken(own);
        }
        throw new IllegalStateException("this comes after the new key was taken: " + action);
    }

    /** Once the new key is in use. */
    private StepResult after(
            KeyAction action,
            OwnKey own,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation)
            throws IOException {
        if (action instanceof KeyAction.TakeKey) {
            return taken(own);
        }
        if (action instanceof KeyAction.WithdrawKey withdraw) {
            return ask(
                    withdraw.host(),
                    new Request.WithdrawKey(key, withdraw.withdrawn()),
                    key,
                    progress,
                    cancellation);
        }
        if (action instanceof KeyAction.ForgetKey) {
            own.forget();
            return StepResult.done("the old key is removed");
        }
        throw new IllegalStateException("this comes before the new key was taken: " + action);
    }

    private StepResult taken(OwnKey own) {
        agents.connectAnew();
        return StepResult.done("the new key is in " + own.file());
    }

    /** An agent of a version that does not know such a request has changed nothing. */
    private StepResult ask(
            HostName host,
            Request request,
            StepKey key,
            Consumer<String> progress,
            Cancellation cancellation) {
        return calls.ask(host, request, limits.agent(), progress, cancellation)
                .then(
                        reply ->
                                reply instanceof Reply.Failed failed
                                                && failed.kind()
                                                        == Reply.Failed.Kind.UNKNOWN_REQUEST
                                        ? StepResult.refused(failed.problems())
                                        : StepRunner.result(reply, key));
    }

    private static Problem elsewhere(ControllerKey replaced, OwnKey own) {
        return Problem.of(
                "the SSH key that is replaced, "
                        + HostKeyFingerprint.of(replaced.openSsh())
                        + ", is not the one of this shell, "
                        + own.file(),
                "go on with it in the shell and home that began it");
    }
}
