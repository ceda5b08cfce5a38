package xlctl.operation;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import xlctl.agent.api.PasswordVerifier;
import xlctl.command.Command;
import xlctl.monitor.Observer;
import xlctl.plan.Plan;
import xlctl.plan.Planned;
import xlctl.plan.Planner;
import xlctl.session.Agents;
import xlctl.store.Backup;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.SqlName;

/** Everything that changes the cluster. Thread-safe: the cluster's lock keeps changes apart. */
public final class Operations implements AutoCloseable {
    /** How many operations are kept, the newest; open ones are kept in any case. */
    static final int KEPT = 200;

    private static final int RUNS_AT_ONCE = 16;

    private final ClusterStore store;
    private final Operator operator;
    private final Clock clock;
    private final Survey survey;
    private final ClusterLock lock;
    private final RunFactory factory;
    private final OpenOperations left;
    private final Restorer restorer;
    private final Workers runs = new Workers("operation", RUNS_AT_ONCE);

    public Operations(
            ClusterStore store,
            Agents agents,
            Observer observer,
            Founding founding,
            SwarmAccess swarm,
            Operator operator,
            Limits limits,
            Clock clock,
            Waiting waiting) {
        this.store = store;
        this.operator = operator;
        this.clock = clock;
        this.survey = new Survey(store, agents, observer, founding, swarm);
        this.lock = new ClusterLock(store, limits.lock());
        this.factory = new RunFactory(store, agents, swarm, limits, clock, waiting);
        this.left = new OpenOperations(store, observer, factory, clock);
        this.restorer = new Restorer(store, operator, clock, limits.store());
    }

    /** What commands would do: consecutive adds planned on each other, others on what is there. */
    public List<Planned> plan(List<Command> commands) {
        Optional<LockHolder> holder = store.lock().map(Versioned::value);
        List<OperationHeader> open = open(store.operations());
        List<Planned> planned = new ArrayList<>();
        groups(commands, Command.AddNode.class::isInstance)
                .forEach(group -> planned.addAll(survey.plan(group, holder, open)));
        return planned;
    }

    /**
     * Does commands in groups of consecutive adds, the others and GTM proxies one by one. The first
     * that fails ends the list: what comes after it is not begun.
     */
    public List<Outcome> run(List<Command> commands, Listener listener, Cancellation cancellation) {
        List<Outcome> outcomes = new ArrayList<>();
        for (List<Command> group : groups(commands, Operations::runsBesideOthers)) {
            Optional<Command> failed = firstFailed(commands, outcomes);
            if (failed.isPresent()) {
                group.forEach(command -> outcomes.add(notBegun(failed.get())));
            } else {
                outcomes.addAll(runLocked(group, listener, cancellation));
            }
        }
        return outcomes;
    }

    /** As {@link #resume(long, Set, Listener, Cancellation)}, with all hosts that it needs. */
    public Outcome resume(long number, Listener listener, Cancellation cancellation) {
        return resume(number, Set.of(), listener, cancellation);
    }

    /**
     * Finishes an open operation: forward, or back when it was being undone already.
     *
     * @param lost hosts that are gone for good, and that it is ended without
     */
    public Outcome resume(
            long number, Set<HostName> lost, Listener listener, Cancellation cancellation) {
        return locked(
                "operation resume " + number + new GivenUp(lost).option(),
                listener,
                cancellation,
                () -> left.resume(number, new GivenUp(lost), listener, cancellation));
    }

    /** As {@link #rollback(long, Set, Listener, Cancellation)}, with all hosts that it needs. */
    public Outcome rollback(long number, Listener listener, Cancellation cancellation) {
        return rollback(number, Set.of(), listener, cancellation);
    }

    /**
     * Undoes an open operation that has not passed its commit point.
     *
     * @param lost hosts that are gone for good, and that it is undone without
     */
    public Outcome rollback(
            long number, Set<HostName> lost, Listener listener, Cancellation cancellation) {
        return locked(
                "operation rollback " + number + new GivenUp(lost).option(),
                listener,
                cancellation,
                () -> left.rollback(number, new GivenUp(lost), listener, cancellation));
    }

    /**
     * Puts a backup back into a store that has no other records of the cluster.
     *
     * @param older whether instances that the backup does not know may be left out
     */
    public Outcome restore(
            Backup backup, boolean older, Listener listener, Cancellation cancellation) {
        return locked(
                "restore of the backup of " + backup.taken(),
                listener,
                cancellation,
                () -> restorer.run(backup, older, listener, cancellation));
    }

    /** The plan of an operation that is kept. */
    public Plan planOf(long number) {
        return Journal.planOf(store, number);
    }

    /** Runs nothing more: what still does stays open and can be resumed. */
    @Override
    public void close() {
        runs.close();
        factory.close();
    }

    private Outcome locked(
            String doing, Listener listener, Cancellation cancellation, Supplier<Outcome> work) {
        LockHolder me = holder(doing);
        Optional<LockHolder> other = lock.await(me, listener, cancellation);
        if (other.isPresent()) {
            return cancellation.isFired()
                    ? cancelled()
                    : Outcome.refused(List.of(Planner.heldBy(other.get())));
        }
        try {
            return work.get();
        } finally {
            lock.release(me);
        }
    }

    private List<Outcome> runLocked(
            List<Command> group, Listener listener, Cancellation cancellation) {
        LockHolder me = holder(describe(group));
        Optional<LockHolder> other = lock.await(me, listener, cancellation);
        if (other.isPresent() && cancellation.isFired()) {
            return group.stream().map(command -> cancelled()).collect(Collectors.toList());
        }
        if (other.isPresent()) {
            List<OperationHeader> open = open(store.operations());
            return refusals(group, survey.plan(group, other, open), List.of());
        }
        try {
            return planAndRun(group, listener, cancellation);
        } finally {
            lock.release(me);
        }
    }

    private List<Outcome> planAndRun(
            List<Command> group, Listener listener, Cancellation cancellation) {
        SortedMap<Long, Versioned<OperationHeader>> present = store.operations();
        List<Planned> planned = survey.plan(group, Optional.empty(), open(present));
        if (cancellation.isFired()) {
            return group.stream().map(command -> cancelled()).collect(Collectors.toList());
        }
        List<Plan> ready =
                planned.stream()
                        .takeWhile(each -> each.plan().isPresent())
                        .map(each -> each.plan().get())
                        .collect(Collectors.toUnmodifiableList());
        List<Outcome> outcomes = new ArrayList<>();
        if (!ready.isEmpty()) {
            trim(present, ready.size());
            long first = present.isEmpty() ? 1 : present.lastKey() + 1;
            outcomes.addAll(runAll(begin(ready, first), given(group), listener, cancellation));
        }
        return refusals(group, planned, outcomes);
    }

    /** Writes one operation for each plan, before any of them is run. */
    private List<Journal> begin(List<Plan> plans, long firstNumber) {
        List<Journal> journals = new ArrayList<>();
        for (Plan plan : plans) {
            OperationHeader header =
                    new OperationHeader(
                            firstNumber + journals.size(),
                            plan.title(),
                            operator.who(),
                            operator.from(),
                            clock.instant(),
                            OperationHeader.State.RUNNING,
                            1,
                            Optional.empty(),
                            "");
            try {
                journals.add(Journal.begin(store, clock, header, plan));
            } catch (StoreException e) {
                endUnrun(journals, e);
                throw e;
            }
        }
        return journals;
    }

    /** Of a group that could not be begun as a whole none is run. */
    private static void endUnrun(List<Journal> begun, StoreException why) {
        for (Journal journal : begun) {
            try {
                journal.finish(
                        OperationHeader.State.UNDONE, "it was never run: " + why.getMessage());
            } catch (SupersededException endedByAnother) {
                why.addSuppressed(endedByAnother);
            } catch (StoreException e) {
                why.addSuppressed(e);
                throw new StoreException.Unreachable(
                        why.getMessage()
                                + "; operation "
                                + journal.number()
                                + " was begun and not run; once ZooKeeper answers: operation"
                                + " rollback "
                                + journal.number(),
                        why);
            }
        }
    }

    private List<Outcome> runAll(
            List<Journal> journals,
            Map<SqlName, PasswordVerifier> given,
            Listener listener,
            Cancellation cancellation) {
        List<Callable<Outcome>> tasks = new ArrayList<>();
        RunFactory.Shared shared = factory.shared(given);
        Optional<Turn> before = Optional.empty();
        for (Journal journal : journals) {
            Optional<NodeName> adds = journal.plan().adds();
            Turn turn = before.map(each -> each.next(adds)).orElseGet(() -> Turn.first(adds));
            OperationRun run = factory.run(journal, shared, turn, listener, cancellation);
            tasks.add(run::forward);
            before = Optional.of(turn);
        }
        return runs.all(tasks, cancellation::fire);
    }

    /** Passwords are in no plan, and so in no journal. */
    private Map<SqlName, PasswordVerifier> given(List<Command> group) {
        Map<SqlName, PasswordVerifier> given = new HashMap<>();
        for (Command command : group) {
            if (command instanceof Command.CreateUser create) {
                given.put(
                        create.name(),
                        Credentials.chosen(
                                survey.topology().engine(), create.name(), create.password()));
            }
        }
        return given;
    }

    private void trim(SortedMap<Long, Versioned<OperationHeader>> present, int coming) {
        int surplus = present.size() + coming - KEPT;
        for (Versioned<OperationHeader> oldest : present.values()) {
            if (surplus <= 0) {
                return;
            }
            if (!oldest.value().state().open()) {
                Change change = store.change();
                change.deleteOperation(oldest.value().number(), oldest.version()).commit();
                surplus--;
            }
        }
    }

    /** The outcomes so far, then the first refusal, then that the rest was not begun for it. */
    private static List<Outcome> refusals(
            List<Command> group, List<Planned> planned, List<Outcome> outcomes) {
        List<Outcome> all = new ArrayList<>(outcomes);
        int first = outcomes.size();
        for (int each = first; each < group.size(); each++) {
            all.add(each == first ? refused(planned.get(each)) : notBegun(group.get(first)));
        }
        return all;
    }

    private static Outcome refused(Planned planned) {
        return new Outcome(
                Optional.empty(),
                planned.onlyUnreachable() ? Outcome.End.UNREACHABLE : Outcome.End.REFUSED,
                planned.problems(),
                List.of());
    }

    private static Outcome notBegun(Command failed) {
        return Outcome.refused(List.of(Problem.of("not begun because this failed: " + failed, "")));
    }

    private static Outcome cancelled() {
        return new Outcome(
                Optional.empty(),
                Outcome.End.FAILED,
                List.of(Problem.of("it was cancelled before it was begun", "")),
                List.of());
    }

    private LockHolder holder(String doing) {
        return new LockHolder(operator.who(), operator.from(), doing, clock.instant());
    }

    private static String describe(List<Command> group) {
        return group.size() == 1
                ? group.get(0).toString()
                : group.get(0) + " and " + (group.size() - 1) + " more";
    }

    private static Optional<Command> firstFailed(List<Command> commands, List<Outcome> outcomes) {
        for (int each = 0; each < outcomes.size(); each++) {
            if (outcomes.get(each).end() != Outcome.End.DONE) {
                return Optional.of(commands.get(each));
            }
        }
        return Optional.empty();
    }

    /** A GTM proxy restarts nodes that an add beside it may be in need of, or may just make. */
    private static boolean runsBesideOthers(Command command) {
        return command instanceof Command.AddNode add && add.node().kind() != NodeKind.GTM_PROXY;
    }

    private static List<List<Command>> groups(
            List<Command> commands, Predicate<Command> besideOthers) {
        List<List<Command>> groups = new ArrayList<>();
        boolean joins = false;
        for (Command command : commands) {
            boolean may = besideOthers.test(command);
            if (!may || !joins) {
                groups.add(new ArrayList<>());
            }
            groups.get(groups.size() - 1).add(command);
            joins = may;
        }
        return groups;
    }

    private static List<OperationHeader> open(
            SortedMap<Long, Versioned<OperationHeader>> operations) {
        return operations.values().stream()
                .map(Versioned::value)
                .filter(operation -> operation.state().open())
                .collect(Collectors.toUnmodifiableList());
    }
}
