package xlctl.operation;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.StepKey;
import xlctl.plan.Action;
import xlctl.plan.Step;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.store.StoreException;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** Runs one operation from where its journal stands, forward or back. Used by one thread. */
final class OperationRun {
    private static final Logger LOG = LoggerFactory.getLogger(OperationRun.class);

    private final Journal journal;
    private final StepRunner runner;
    private final ServiceSteps services;
    private final PasswordSteps passwords;
    private final Workers workers;
    private final Turn turn;
    private final Cancellation cancellation;
    private final Listener listener;
    private final GivenUp lost;
    private final Set<String> notices = Collections.synchronizedSet(new LinkedHashSet<>());
    private boolean goesBack;

    OperationRun(
            Journal journal,
            StepRunner runner,
            ServiceSteps services,
            PasswordSteps passwords,
            Workers workers,
            Turn turn,
            Cancellation cancellation,
            Listener listener,
            GivenUp lost) {
        this.journal = journal;
        this.runner = runner;
        this.services = services;
        this.passwords = passwords;
        this.workers = workers;
        this.turn = turn;
        this.cancellation = cancellation;
        this.listener = listener;
        this.lost = lost;
    }

    /** Goes on to the end; what fails before the commit point is undone. */
    Outcome forward() {
        try {
            return guarded(this::goForward);
        } finally {
            turn.failed(journal.plan().title());
        }
    }

    /** As {@link #forward}, for an operation that was left open, under a new attempt. */
    Outcome resume() {
        return guarded(
                () -> {
                    journal.nextAttempt(OperationHeader.State.RUNNING);
                    return goForward();
                });
    }

    /** Takes back what was done before the commit point, under a new attempt. */
    Outcome rollback() {
        return guarded(
                () -> goBack(List.of(Problem.of("rolled back", "")), Outcome.End.DONE, List.of()));
    }

    /** That goes on in the direction in which the operation went. */
    private String command() {
        return "operation " + (goesBack ? "rollback " : "resume ") + number();
    }

    private Outcome guarded(Callable<Outcome> work) {
        try {
            return work.call();
        } catch (SupersededException e) {
            return outcome(
                    Outcome.End.FAILED,
                    List.of(Problem.of(e.getMessage(), "see: operation show " + number())));
        } catch (StoreException e) {
            LOG.info("operation {} stays open: {}", number(), e.getMessage());
            boolean silent = e instanceof StoreException.Unreachable;
            return outcome(
                    silent ? Outcome.End.UNREACHABLE : Outcome.End.FAILED,
                    List.of(
                            Problem.of(
                                    e.getMessage(),
                                    "operation "
                                            + number()
                                            + " may still be open; once "
                                            + (silent ? "ZooKeeper answers" : "that is mended")
                                            + ": "
                                            + command()
                                            + lost.option())));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Outcome goForward() {
        Failures bad = new Failures();
        boolean together = journal.plan().commit().isPresent();
        for (List<Step> stage : journal.plan().stages()) {
            List<Step> open =
                    stage.stream().filter(this::isOpen).collect(Collectors.toUnmodifiableList());
            if (open.isEmpty()) {
                continue;
            }
            Optional<String> failedFirst = turn.await(neededBy(open), cancellation);
            if (failedFirst.isPresent()) {
                return endEarly(Outcome.End.FAILED, List.of(becauseOf(failedFirst.get())));
            }
            if (cancellation.isFired()) {
                List<Problem> problems = bad.problemsByStep();
                problems.add(Problem.of("it was cancelled", ""));
                return endEarly(Outcome.End.FAILED, problems);
            }
            Optional<String> failedBefore =
                    journal.committed() ? Optional.empty() : turn.failedBefore();
            if (failedBefore.isPresent()) {
                return endEarly(Outcome.End.FAILED, List.of(becauseOf(failedBefore.get())));
            }
            bad.addAll(runStage(open));
            if (together && !bad.isEmpty()) {
                return endEarly(bad);
            }
        }
        return together ? done() : doneOneByOne(bad);
    }

    private static Set<NodeName> neededBy(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> step.after().stream())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** What was only looked at is looked at again as long as nothing is committed. */
    private boolean isOpen(Step step) {
        boolean mayHaveChanged = step.action().onlyLooks() && !journal.committed();
        return mayHaveChanged || journal.stateOf(step) != StepRecord.State.DONE;
    }

    /** Runs the steps of a stage at the same time and waits for all of them. */
    private Failures runStage(List<Step> steps) {
        List<Callable<StepResult>> tasks = new ArrayList<>();
        steps.forEach(step -> tasks.add(() -> forward(step)));
        List<StepResult> ended =
                steps.size() == 1
                        ? List.of(forward(steps.get(0)))
                        : workers.all(tasks, cancellation::fire);
        Failures bad = new Failures();
        for (int each = 0; each < steps.size(); each++) {
            if (!ended.get(each).good()) {
                bad.add(steps.get(each), ended.get(each));
            }
        }
        return bad;
    }

    private StepResult forward(Step step) {
        if (step.action() instanceof Action.Commit commit) {
            return commit(step, commit);
        }
        boolean neverTried = journal.stateOf(step) == StepRecord.State.PENDING;
        journal.begin(step);
        StepResult result =
                heard(
                        step,
                        step.title(),
                        () -> {
                            if (!(step.action() instanceof Action.Converge
                                    || step.action() instanceof Action.TakeNote)) {
                                listener.progress(number(), step.node(), step.title());
                            }
                            return toldWhereBad(
                                    step, run(step, step.title(), step.action(), cancellation));
                        });
        journal.end(step, endOf(step, result, neverTried), result.detail());
        return noted(result);
    }

    private StepResult noted(StepResult result) {
        if (result.kind() == StepResult.Kind.NOTICED) {
            notices.add(result.detail());
        }
        return result;
    }

    private StepResult toldWhereBad(Step step, StepResult result) {
        if (!result.good()) {
            listener.progress(number(), step.node(), step.title() + " failed: " + result.detail());
        }
        return result;
    }

    /** Whatever comes of it, the listener hears that the step is no longer under way. */
    private StepResult heard(Step step, String title, Supplier<StepResult> work) {
        listener.begun(number(), step.number(), step.node(), title);
        boolean good = false;
        try {
            StepResult result = work.get();
            good = result.good();
            return result;
        } finally {
            if (good) {
                listener.done(number(), step.number());
            } else {
                listener.failed(number(), step.number());
            }
        }
    }

    private StepResult run(Step step, String title, Action action, Cancellation until) {
        Optional<StepResult> without = lost.instead(title, action);
        if (without.isPresent()) {
            return without.get();
        }
        Consumer<String> progress = line -> listener.progress(number(), step.node(), line);
        if (action instanceof Action.OfController own) {
            return services.run(own, progress, until);
        }
        return action instanceof Action.OfPasswords own
                ? passwords.run(own, until)
                : runner.run(action, key(step), progress, until);
    }

    /** What was refused at once left nothing of ours behind: an undo could hit what others made. */
    private static StepRecord.State endOf(Step step, StepResult result, boolean neverTried) {
        if (result.good()) {
            return StepRecord.State.DONE;
        }
        boolean nothingToUndo =
                neverTried && result.kind() == StepResult.Kind.REFUSED && step.undo().isPresent();
        return nothingToUndo ? StepRecord.State.UNDONE : StepRecord.State.FAILED;
    }

    private StepResult commit(Step step, Action.Commit commit) {
        Optional<String> failedBefore = turn.await(cancellation);
        if (failedBefore.isPresent()) {
            return StepResult.failed(List.of(becauseOf(failedBefore.get())));
        }
        if (cancellation.isFired()) {
            return StepResult.cancelled("it was cancelled");
        }
        journal.begin(step);
        List<Problem> conflicts = journal.commit(step, commit.change());
        if (!conflicts.isEmpty()) {
            StepResult failed = StepResult.failed(conflicts);
            journal.end(step, StepRecord.State.FAILED, failed.detail());
            return failed;
        }
        turn.committed();
        LOG.debug("operation {} is past its commit point: {}", number(), journal.plan().title());
        listener.progress(number(), step.node(), step.title());
        return StepResult.done("");
    }

    private Outcome endEarly(Failures bad) {
        return endEarly(bad.end(), bad.problemsByStep(), bad);
    }

    private Outcome endEarly(Outcome.End end, List<Problem> problems) {
        return endEarly(end, problems, new Failures());
    }

    /** Before the commit point all is undone, past it the operation stays open. */
    private Outcome endEarly(Outcome.End end, List<Problem> problems, Failures bad) {
        if (journal.plan().commit().isEmpty()) {
            journal.finish(OperationHeader.State.FAILED, text(problems));
            return outcome(end, problems);
        }
        turn.failed(journal.plan().title());
        if (!journal.committed()) {
            return goBack(problems, end, problems);
        }
        journal.stuck();
        LOG.info("operation {} is stuck: {}", number(), text(problems));
        List<Problem> all = new ArrayList<>(problems);
        all.add(
                Problem.of(
                        "operation " + number() + " is past its commit point and stays open",
                        bad.remedy(command(), lost)));
        return outcome(end == Outcome.End.REFUSED ? Outcome.End.FAILED : end, all);
    }

    /**
     * @param end how the run ended once all is undone
     * @param problems of a run that ended so
     */
    private Outcome goBack(List<Problem> why, Outcome.End end, List<Problem> problems) {
        goesBack = true;
        journal.nextAttempt(OperationHeader.State.UNDOING);
        LOG.debug("operation {} is being undone: {}", number(), text(why));
        List<Step> steps = new ArrayList<>(journal.plan().steps());
        Collections.reverse(steps);
        Failures left = new Failures();
        for (Step step : steps) {
            StepRecord.State state = journal.stateOf(step);
            if (step.undo().filter(Action::undoneLast).isPresent() && !left.isEmpty()) {
                continue;
            }
            if (state != StepRecord.State.PENDING
                    && state != StepRecord.State.UNDONE
                    && journal.plan().beforeCommit(step)) {
                StepResult result = undo(step);
                if (!result.good()) {
                    left.add(step, result);
                }
            }
        }
        if (left.isEmpty()) {
            journal.finish(OperationHeader.State.UNDONE, withNotices(text(why)));
            return outcome(end, problems);
        }
        List<Problem> all = new ArrayList<>(problems);
        all.addAll(left.problems());
        all.add(
                Problem.of(
                        "operation " + number() + " could not be undone and stays open",
                        left.remedy(command(), lost)));
        boolean silent = end != Outcome.End.FAILED && left.all(StepResult.Kind.UNREACHABLE);
        return outcome(silent ? Outcome.End.UNREACHABLE : Outcome.End.FAILED, all);
    }

    private StepResult undo(Step step) {
        if (step.undo().isPresent()) {
            String title = "undo: " + step.title();
            Action action = step.undo().get();
            StepResult result =
                    heard(
                            step,
                            title,
                            () -> {
                                listener.progress(number(), step.node(), title);
                                return run(step, title, action, new Cancellation());
                            });
            if (!result.good()) {
                journal.end(step, StepRecord.State.FAILED, "not undone: " + result.detail());
                return result;
            }
            boolean noticed = noted(result).kind() == StepResult.Kind.NOTICED;
            journal.end(step, StepRecord.State.UNDONE, noticed ? result.detail() : "");
            return result;
        }
        journal.end(step, StepRecord.State.UNDONE, "");
        return StepResult.done("");
    }

    private Outcome done() {
        journal.finish(OperationHeader.State.DONE, withNotices(""));
        return outcome(Outcome.End.DONE, List.of());
    }

    private String withNotices(String text) {
        return Stream.concat(Stream.of(text).filter(each -> !each.isEmpty()), notices.stream())
                .collect(Collectors.joining("; "));
    }

    private Outcome doneOneByOne(Failures bad) {
        if (bad.isEmpty()) {
            return done();
        }
        List<Problem> problems = bad.problemsByStep();
        journal.finish(
                OperationHeader.State.FAILED,
                bad.count()
                        + " of "
                        + journal.plan().steps().size()
                        + " failed: "
                        + text(problems));
        boolean nothingDone = bad.count() == journal.plan().steps().size();
        return outcome(nothingDone ? bad.end() : Outcome.End.FAILED, problems);
    }

    private static Problem becauseOf(String command) {
        return Problem.of("undone because this failed: " + command, "");
    }

    private StepKey key(Step step) {
        return new StepKey(number(), journal.attempt(), step.number());
    }

    private Outcome outcome(Outcome.End end, List<Problem> problems) {
        LOG.debug(
                "operation {} ended {}: {}",
                number(),
                end.name().toLowerCase(Locale.ROOT),
                text(problems));
        return new Outcome(Optional.of(number()), end, problems, List.copyOf(notices));
    }

    private long number() {
        return journal.number();
    }

    private static String text(List<Problem> problems) {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    }
}
