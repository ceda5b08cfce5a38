package xlctl.operation;

import java.util.Optional;
import java.util.function.Predicate;
import xlctl.agent.api.ControllerKey;
import xlctl.plan.Action;
import xlctl.plan.KeyAction;
import xlctl.plan.Step;
import xlctl.store.StepRecord;
import xlctl.topology.InvalidValueException;

/**
 * What the journal of a key's replacement tells those who do not have the files: the public half of
 * the new key, and whether the home uses it.
 */
final class KeyJournal {
    private static final String MADE = "the new key is ";
    private static final String TAKEN = "the new key is in ";

    private final Journal journal;

    KeyJournal(Journal journal) {
        this.journal = journal;
    }

    /** What the step that makes the key says of itself. */
    static String made(ControllerKey fresh) {
        return MADE + fresh;
    }

    /** What the step that takes the key says of itself. */
    static String taken(String file) {
        return TAKEN + file;
    }

    /** Empty before it was made, and in journals of versions that did not write it down. */
    Optional<ControllerKey> made() {
        return step(KeyAction.MakeKey.class::isInstance)
                .map(journal::detailOf)
                .filter(detail -> detail.startsWith(MADE))
                .flatMap(detail -> key(detail.substring(MADE.length())));
    }

    private static Optional<ControllerKey> key(String text) {
        try {
            return Optional.of(new ControllerKey(text));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    /** Whether the home that began it is known to use the new key. */
    boolean isTaken() {
        return step(KeyAction.TakeKey.class::isInstance)
                .filter(step -> journal.stateOf(step) == StepRecord.State.DONE)
                .filter(step -> journal.detailOf(step).startsWith(TAKEN))
                .isPresent();
    }

    boolean isCommitted() {
        return journal.committed();
    }

    private Optional<Step> step(Predicate<Action> wanted) {
        return journal.plan().steps().stream()
                .filter(step -> wanted.test(step.action()))
                .findFirst();
    }
}
