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
import xlctl.text.FileTrouble;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Replaces the SSH key of the home. An operation that was left open is finished by the home that
 * began it, for the new key is there alone; any other can end it. Used by several threads.
 */
final class KeyReplacement {
    private final Agents agents;
    private final AgentCalls calls;
    private final KeyJournal journal;
    private final Limits limits;

    KeyReplacement(Agents agents, AgentCalls calls, KeyJournal journal, Limits limits) {
        this.agents = agents;
        this.calls = calls;
        this.journal = journal;
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
            return new OwnKeyFacts(
                    Optional.of(own.publicHalf()), own.former(), own.fresh(), problems);
        } catch (IOException e) {
            problems.add(
                    Problem.of(
                            "the SSH key of this shell cannot be read: " + e.getMessage(),
                            "see the setting ssh-key"));
            return new OwnKeyFacts(Optional.empty(), Optional.empty(), Optional.empty(), problems);
        }
    }

    StepResult run(
            KeyAction action, StepKey key, Consumer<String> progress, Cancellation cancellation) {
        OwnKey own = agents.ownKey();
        Asking asking = new Asking(key, progress, cancellation);
        try {
            return switch (stageOf(action, own)) {
                case BEFORE -> before(action, own, asking);
                case AFTER -> after(action, own, asking);
                case ELSEWHERE -> elsewhere(action, own, asking);
            };
        } catch (IOException e) {
            return StepResult.failed(
                    List.of(
                            Problem.of(
                                    "the files of the SSH key "
                                            + own.file()
                                            + ": "
                                            + FileTrouble.named(e),
                                    "see that they can be read and their directory written")));
        }
    }

    /** How an agent is asked in a step. */
    private record Asking(StepKey key, Consumer<String> progress, Cancellation cancellation) {}

    /** How far this home is with the replacement of a key. */
    private enum Stage {
        BEFORE,
        AFTER,
        ELSEWHERE
    }

    private Stage stageOf(KeyAction action, OwnKey own) throws IOException {
        ControllerKey present = own.publicHalf();
        if (present.equals(action.replaced())) {
            return Stage.BEFORE;
        }
        boolean taken =
                journal.made().filter(present::equals).isPresent()
                        || own.former().filter(action.replaced()::equals).isPresent();
        return taken ? Stage.AFTER : Stage.ELSEWHERE;
    }

    /** While the key that is replaced is in use. */
    private StepResult before(KeyAction action, OwnKey own, Asking asking) throws IOException {
        if (action instanceof KeyAction.MakeKey) {
            return StepResult.done(
                    KeyJournal.made(own.make("xlctl, operation " + asking.key().operation())));
        }
        if (action instanceof KeyAction.DropKey) {
            own.drop();
            return StepResult.done("the new key is removed");
        }
        Optional<ControllerKey> fresh = own.fresh();
        if (action instanceof KeyAction.DismissKey dismiss) {
            return dismiss(dismiss.host(), journal.made().or(() -> fresh), asking);
        }
        if (action instanceof KeyAction.WithdrawKey withdraw) {
            return journal.isTaken()
                    ? StepResult.failed(List.of(onlyCopy(own, asking.key().operation())))
                    : withdrawUntaken(withdraw, asking);
        }
        if (action instanceof KeyAction.ForgetKey) {
            return forgetElsewhere();
        }
        if (fresh.isEmpty()) {
            return StepResult.failed(List.of(withoutFresh(own)));
        }
        if (action instanceof KeyAction.AdmitKey admit) {
            return ask(admit.host(), new Request.AdmitKey(asking.key(), fresh.get()), asking);
        }
        if (action instanceof KeyAction.TryKey attempt) {
            return calls.tryFreshKey(attempt.host(), asking.cancellation());
        }
        own.take();
        return taken(own);
    }

    /** Once the new key is in use. */
    private StepResult after(KeyAction action, OwnKey own, Asking asking) throws IOException {
        if (action instanceof KeyAction.TakeKey) {
            return taken(own);
        }
        if (action instanceof KeyAction.WithdrawKey withdraw) {
            return withdraw(withdraw.host(), withdraw.withdrawn(), asking);
        }
        if (action instanceof KeyAction.ForgetKey) {
            own.forget();
            return StepResult.done("the old key is removed");
        }
        return StepResult.failed(
                List.of(
                        Problem.of(
                                own.file()
                                        + " is the new key already, before every host lets it in",
                                "put the old one back there, and the new one into "
                                        + own.freshFile())));
    }

    /**
     * In a home that is not the one whose key is replaced. Hosts can be told from any home; what is
     * in the files of the one that began it is for whoever has them.
     */
    private StepResult elsewhere(KeyAction action, OwnKey own, Asking asking) throws IOException {
        if (action instanceof KeyAction.DismissKey dismiss) {
            return dismiss(dismiss.host(), journal.made(), asking);
        }
        if (action instanceof KeyAction.DropKey) {
            return StepResult.noticed(
                    "in the home that began it the file ssh-key.new may be left, with a key that is"
                            + " not used: remove it");
        }
        if (action instanceof KeyAction.TakeKey) {
            return StepResult.noticed(
                    "whether the home that began it uses the new key is not known, so hosts let in"
                            + " both. If it is there, remove ssh-key.new in it and give rotate keys"
                            + " again; if it is lost, "
                            + takeOut(action.replaced())
                            + journal.made().map(made -> ", and " + made + ",").orElse("")
                            + " on every host");
        }
        if (action instanceof KeyAction.WithdrawKey withdraw) {
            if (withdraw.withdrawn().equals(own.publicHalf())) {
                return StepResult.failed(List.of(onlyCopy(own, asking.key().operation())));
            }
            return journal.isTaken()
                    ? withdraw(withdraw.host(), withdraw.withdrawn(), asking)
                    : withdrawUntaken(withdraw, asking);
        }
        if (action instanceof KeyAction.ForgetKey) {
            return forgetElsewhere();
        }
        return StepResult.failed(List.of(notOurs(action.replaced(), own)));
    }

    /** A home that may still use the old key is not locked out behind its back. */
    private StepResult withdrawUntaken(KeyAction.WithdrawKey withdraw, Asking asking) {
        return withdraw.withdrawn().equals(withdraw.replaced())
                ? StepResult.noticed("host " + withdraw.host() + " still lets the old key in")
                : withdraw(withdraw.host(), withdraw.withdrawn(), asking);
    }

    private StepResult forgetElsewhere() {
        return journal.isTaken()
                ? StepResult.noticed(
                        "in the home that began it the file ssh-key.old may be left, with the key"
                                + " that was replaced: remove it")
                : StepResult.done("");
    }

    private StepResult withdraw(HostName host, ControllerKey withdrawn, Asking asking) {
        return ask(host, new Request.WithdrawKey(asking.key(), withdrawn), asking);
    }

    private StepResult dismiss(HostName host, Optional<ControllerKey> fresh, Asking asking) {
        if (fresh.isEmpty()) {
            return StepResult.noticed(
                    "which key is new is not known any more: a line of it may be left in the"
                            + " authorized keys of "
                            + host
                            + ", with the comment \"xlctl, operation "
                            + asking.key().operation()
                            + "\"; take it out");
        }
        return withdraw(host, fresh.get(), asking);
    }

    /** What a person does where an agent cannot be asked. */
    static String takeOut(ControllerKey key) {
        return "take the line of the key " + key + " out of the agent's authorized keys";
    }

    private StepResult taken(OwnKey own) {
        agents.connectAnew();
        return StepResult.done(KeyJournal.taken(own.file().toString()));
    }

    /** An agent of a version that does not know such a request has changed nothing. */
    private StepResult ask(HostName host, Request request, Asking asking) {
        return calls.ask(host, request, limits.agent(), asking.progress(), asking.cancellation())
                .then(
                        reply ->
                                reply instanceof Reply.Failed failed
                                                && failed.kind()
                                                        == Reply.Failed.Kind.UNKNOWN_REQUEST
                                        ? StepResult.refused(failed.problems())
                                        : StepRunner.result(reply, asking.key()));
    }

    /** Past the commit point there is no way back, and before it all is taken back at once. */
    private Problem withoutFresh(OwnKey own) {
        return Problem.of(
                "the new key is not in " + own.freshFile() + " any more",
                journal.isCommitted()
                        ? "put it back there; if it is lost, make another there with ssh-keygen, and"
                                + " add its public half to the authorized keys of every agent; if this"
                                + " home is a copy, go on in the one that began it"
                        : "rotate keys makes another");
    }

    /** It would lock itself out host by host, if it went on. */
    private static Problem onlyCopy(OwnKey own, long operation) {
        return Problem.of(
                own.file()
                        + " is a key that hosts are to let in no more: this home is a copy of one that"
                        + " uses another by now, or older than that",
                "operation resume "
                        + operation
                        + " in the home that has the new key, or in one with a key of its own; then"
                        + " give this home a key that hosts let in");
    }

    private static Problem notOurs(ControllerKey replaced, OwnKey own) {
        return Problem.of(
                "the SSH key that is replaced, "
                        + HostKeyFingerprint.of(replaced.openSsh())
                        + ", is not the one of this shell, "
                        + own.file(),
                "what the home that has it began is taken back; there, rotate keys begins anew");
    }
}
