package xlctl.operation;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.plan.Plan;
import xlctl.plan.Step;
import xlctl.plan.TopologyChange;
import xlctl.store.Change;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/**
 * One operation in the store. Every write names the version of the operation's header as this
 * process last wrote it, so that nothing is written any more once someone else took the operation
 * over. Steps may be written by several threads, each step by one.
 */
final class Journal {
    private final ClusterStore store;
    private final Clock clock;
    private final Plan plan;
    private final Map<Integer, Versioned<StepRecord>> steps = new ConcurrentHashMap<>();
    private volatile Versioned<OperationHeader> header;
    private volatile OptionalInt committedVersion = OptionalInt.empty();

    private Journal(ClusterStore store, Clock clock, Plan plan, Versioned<OperationHeader> header) {
        this.store = store;
        this.clock = clock;
        this.plan = plan;
        this.header = header;
    }

    /** Writes a new operation, whose number must be free. */
    static Journal begin(ClusterStore store, Clock clock, OperationHeader header, Plan plan) {
        store.change()
                .checkLock(ClusterLock.VERSION)
                .createOperation(header, Json.write(plan), plan.steps().size())
                .commit();
        Journal journal = new Journal(store, clock, plan, new Versioned<>(header, 0));
        plan.steps()
                .forEach(
                        step ->
                                journal.steps.put(
                                        step.number(),
                                        new Versioned<>(StepRecord.pending(step.number()), 0)));
        return journal;
    }

    /** Reads an operation that was begun before. */
    static Journal open(ClusterStore store, Clock clock, Versioned<OperationHeader> header) {
        long number = header.value().number();
        Journal journal = new Journal(store, clock, planOf(store, number), header);
        journal.steps.putAll(store.steps(number));
        return journal;
    }

    /** The plan of an operation that is kept. */
    static Plan planOf(ClusterStore store, long number) {
        try {
            return Json.read(store.plan(number), Plan.class, "the plan of operation " + number);
        } catch (JsonException e) {
            throw new StoreException.Unreadable(
                    e.getMessage()
                            + "; it was left as it is: use the version of xlctl that began the"
                            + " operation",
                    e);
        }
    }

    Plan plan() {
        return plan;
    }

    OperationHeader header() {
        return header.value();
    }

    long number() {
        return header.value().number();
    }

    int attempt() {
        return header.value().attempt();
    }

    StepRecord.State stateOf(Step step) {
        return steps.get(step.number()).value().state();
    }

    /** What the step did, as far as it was told. */
    String detailOf(Step step) {
        return steps.get(step.number()).value().detail();
    }

    boolean committed() {
        return plan.commit().isPresent()
                && stateOf(plan.steps().get(plan.commit().getAsInt())) == StepRecord.State.DONE;
    }

    /** An operation that was to make the GTM may have been undone since this one was planned. */
    private static List<Problem> conflicts(Topology before, Node node) {
        boolean gtmIsThere = node.kind() == NodeKind.GTM || !before.nodes(NodeKind.GTM).isEmpty();
        return gtmIsThere
                ? before.conflicts(node)
                : List.of(
                        Problem.of(
                                "the cluster has no GTM, which a " + node.kind() + " needs",
                                "first: add gtm master NAME HOST PORT DIR"));
    }

    void begin(Step step) {
        StepRecord begun =
                new StepRecord(
                        step.number(),
                        StepRecord.State.RUNNING,
                        attempt(),
                        Optional.of(clock.instant()),
                        Optional.empty(),
                        "");
        write(store.change(), begun);
    }

    void end(Step step, StepRecord.State state, String detail) {
        write(store.change(), ended(step, state, detail));
    }

    /**
     * The commit point: topology, node state and journal in one write.
     *
     * @return what keeps the change out of the topology as it is now; empty when it is written
     */
    List<Problem> commit(Step step, TopologyChange change) {
        Change write = store.change();
        Optional<Versioned<Topology>> present = store.topology();
        if (change instanceof TopologyChange.Add add) {
            Topology before =
                    present.map(Versioned::value)
                            .orElseGet(
                                    () ->
                                            Topology.empty(
                                                    store.cluster(), add.engine(), add.networks()));
            List<Problem> conflicts = conflicts(before, add.node());
            if (!conflicts.isEmpty()) {
                return conflicts;
            }
            Topology after = before.with(add.node());
            if (present.isPresent()) {
                write.replaceTopology(after, present.get().version());
            } else {
                write.createTopology(after);
            }
            write.createNodeState(
                    NodeState.first(
                            add.node().instances().get(0).name(),
                            clock.instant(),
                            "operation " + number() + ": " + plan.title()));
        } else if (change instanceof TopologyChange.Remove remove) {
            Optional<Versioned<NodeState>> state =
                    Optional.ofNullable(store.nodeStates().get(remove.node()));
            if (present.isEmpty() || state.isEmpty()) {
                return List.of(
                        Problem.of(
                                "node " + remove.node() + " is no longer in the topology",
                                "see what there is with: status"));
            }
            write.replaceTopology(
                    present.get().value().without(remove.node()), present.get().version());
            write.deleteNodeState(remove.node(), state.get().version());
        } else if (change instanceof TopologyChange.NewPasswords) {
            Optional<Versioned<ClusterSecrets>> secrets = store.secrets();
            Optional<ClusterSecrets> renewed = secrets.flatMap(now -> now.value().renewed());
            if (renewed.isEmpty()) {
                return List.of(PasswordSteps.noNext(store.cluster()));
            }
            write.replaceSecrets(renewed.get(), secrets.get().version());
        }
        try {
            write(write, ended(step, StepRecord.State.DONE, ""));
            if (change instanceof TopologyChange.Add || change instanceof TopologyChange.Remove) {
                committedVersion =
                        OptionalInt.of(present.map(topology -> topology.version() + 1).orElse(0));
            }
            return List.of();
        } catch (StoreException.Stale e) {
            return List.of(
                    Problem.of(
                            writtenBy(change)
                                    + " changed by someone else in the meantime: "
                                    + e.getMessage(),
                            "try again"));
        } catch (StoreException.TooLarge e) {
            return List.of(
                    Problem.of(
                            "the topology would become too large: " + e.getMessage(),
                            "give nodes shorter CONF and HBA files"));
        }
    }

    private static String writtenBy(TopologyChange change) {
        if (change instanceof TopologyChange.NewPasswords) {
            return "the cluster's passwords were";
        }
        return change instanceof TopologyChange.None
                ? "the operation's record was"
                : "the topology was";
    }

    /** Writes something beside the journal, unless someone else took the operation over. */
    void alsoWrite(Change change) {
        Versioned<OperationHeader> under = header;
        commitUnder(under, change.checkOperation(number(), under.version()));
    }

    /** The version of the topology that hosts must match: this operation's, or a newer one. */
    int topologyVersion() {
        if (committedVersion.isEmpty()) {
            committedVersion = OptionalInt.of(store.topology().map(Versioned::version).orElse(-1));
        }
        return committedVersion.getAsInt();
    }

    /** Takes the operation over: from here on agents refuse what was sent before. */
    void nextAttempt(OperationHeader.State state) {
        replaceHeader(header().with(state, attempt() + 1));
    }

    /** Leaves the operation open, for someone to resume. */
    void stuck() {
        replaceHeader(header().with(OperationHeader.State.STUCK, attempt()));
    }

    void finish(OperationHeader.State end, String result) {
        replaceHeader(header().finished(end, clock.instant(), result));
    }

    private StepRecord ended(Step step, StepRecord.State state, String detail) {
        Instant now = clock.instant();
        StepRecord before = steps.get(step.number()).value();
        return new StepRecord(
                step.number(),
                state,
                attempt(),
                Optional.of(before.started().orElse(now)),
                Optional.of(now),
                detail);
    }

    private void write(Change change, StepRecord step) {
        int version = steps.get(step.step()).version();
        Versioned<OperationHeader> under = header;
        change.checkOperation(number(), under.version()).replaceStep(number(), step, version);
        commitUnder(under, change);
        steps.put(step.step(), new Versioned<>(step, version + 1));
    }

    private void replaceHeader(OperationHeader replacement) {
        Versioned<OperationHeader> under = header;
        commitUnder(under, store.change().replaceOperation(replacement, under.version()));
        header = new Versioned<>(replacement, under.version() + 1);
    }

    private void commitUnder(Versioned<OperationHeader> under, Change change) {
        try {
            change.commit();
        } catch (StoreException.Stale e) {
            Optional<Versioned<OperationHeader>> now = store.operation(number());
            if (now.isEmpty() || now.get().version() != under.version()) {
                throw new SupersededException(
                        "operation "
                                + number()
                                + now.map(
                                                header ->
                                                        " was taken over by someone else: it is "
                                                                + header.value().state()
                                                                + " in attempt "
                                                                + header.value().attempt())
                                        .orElse(
                                                " is gone from ZooKeeper, which was emptied, or its"
                                                        + " record removed; nothing more was done"));
            }
            throw e;
        }
    }
}
