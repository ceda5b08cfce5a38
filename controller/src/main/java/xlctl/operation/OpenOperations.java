package xlctl.operation;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongPredicate;
import xlctl.monitor.Observer;
import xlctl.store.ClusterStore;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.topology.Problem;

/**
 * Operations that were left open, and what may be done to them: the oldest is resumed first, the
 * newest rolled back first, because later ones were planned on those before. Called under the lock.
 */
final class OpenOperations {
    private final ClusterStore store;
    private final Observer observer;
    private final RunFactory factory;
    private final Clock clock;

    OpenOperations(ClusterStore store, Observer observer, RunFactory factory, Clock clock) {
        this.store = store;
        this.observer = observer;
        this.factory = factory;
        this.clock = clock;
    }

    Outcome resume(long number, GivenUp lost, Listener listener, Cancellation cancellation) {
        Optional<Outcome> refusal = refusal(number, other -> other < number, "operation resume ");
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Journal journal = open(number);
        boolean back = journal.header().state() == OperationHeader.State.UNDOING;
        if (!lost.hosts().isEmpty() && !back && !journal.committed()) {
            return Outcome.refused(
                    "operation "
                            + number
                            + " is not past its commit point: without a host it is not"
                            + " gone on with",
                    journal.plan().commit().isPresent()
                            ? "operation rollback " + number + lost.option()
                            : "operation resume " + number + ", which waits for no host");
        }
        Optional<Outcome> objection = objection(lost, journal, "operation resume " + number);
        if (objection.isPresent()) {
            return objection.get();
        }
        OperationRun run = run(journal, lost, listener, cancellation);
        if (!back) {
            return run.resume();
        }
        Outcome undone = run.rollback();
        if (undone.end() != Outcome.End.DONE) {
            return undone;
        }
        List<String> notices = new ArrayList<>(undone.notices());
        notices.add("operation " + number + " was being undone, and that is what was finished");
        return new Outcome(undone.operation(), undone.end(), undone.problems(), notices);
    }

    Outcome rollback(long number, GivenUp lost, Listener listener, Cancellation cancellation) {
        Optional<Outcome> refusal = refusal(number, other -> other > number, "operation rollback ");
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Journal journal = open(number);
        if (journal.plan().commit().isEmpty()) {
            return Outcome.refused(
                    "operation "
                            + number
                            + " has no commit point: each of its steps stands for itself and is not"
                            + " undone",
                    "operation resume " + number);
        }
        if (journal.committed()) {
            return Outcome.refused(
                    "operation "
                            + number
                            + " is past its commit point: from there on it only goes forward",
                    "operation resume " + number);
        }
        return objection(lost, journal, "operation rollback " + number)
                .orElseGet(() -> run(journal, lost, listener, cancellation).rollback());
    }

    private Optional<Outcome> objection(GivenUp lost, Journal journal, String command) {
        if (lost.hosts().isEmpty()) {
            return Optional.empty();
        }
        List<Problem> objections =
                lost.objections(
                        journal.plan(), observer.hosts(lost.hosts(), GivenUp.PATIENCE), command);
        return objections.isEmpty() ? Optional.empty() : Optional.of(Outcome.refused(objections));
    }

    private Journal open(long number) {
        return Journal.open(store, clock, store.operation(number).orElseThrow());
    }

    private OperationRun run(
            Journal journal, GivenUp lost, Listener listener, Cancellation cancellation) {
        return factory.run(
                journal,
                factory.sharedWithout(lost),
                Turn.first(Optional.empty()),
                listener,
                cancellation);
    }

    private Optional<Outcome> refusal(long number, LongPredicate before, String verb) {
        Optional<OperationHeader> header = store.operation(number).map(Versioned::value);
        if (header.isEmpty()) {
            return Optional.of(
                    Outcome.refused("there is no operation " + number, "see: operation list"));
        }
        if (!header.get().state().open()) {
            return Optional.of(
                    Outcome.refused(
                            "operation "
                                    + number
                                    + " has ended: it is "
                                    + header.get().state().name().toLowerCase(Locale.ROOT),
                            "see: operation show " + number));
        }
        return store.operations().values().stream()
                .map(Versioned::value)
                .filter(other -> other.state().open() && before.test(other.number()))
                .findFirst()
                .map(
                        other ->
                                Outcome.refused(
                                        List.of(
                                                Problem.of(
                                                        "operation "
                                                                + other.number()
                                                                + " is open too and comes first: "
                                                                + other.command(),
                                                        verb + other.number()))));
    }
}
