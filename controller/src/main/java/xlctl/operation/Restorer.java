package xlctl.operation;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import xlctl.json.Json;
import xlctl.plan.Plan;
import xlctl.store.Backup;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.Snapshot;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;

/**
 * Puts a backup back, under the lock. The topology comes last, together with the entry in the
 * history: before it agents change nothing, and restoring the same file again goes on where it
 * ended.
 */
final class Restorer {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(200);
    private static final int AT_ONCE = 500;

    private final ClusterStore store;
    private final Operator operator;
    private final Clock clock;
    private final Duration patience;

    /**
     * @param patience for agents to connect to the new store and say what they hold
     */
    Restorer(ClusterStore store, Operator operator, Clock clock, Duration patience) {
        this.store = store;
        this.operator = operator;
        this.clock = clock;
        this.patience = patience;
    }

    /**
     * @param older whether instances that the backup does not know may be left out
     */
    Outcome run(Backup backup, boolean older, Listener listener, Cancellation cancellation) {
        Snapshot now = store.snapshot();
        Restore restore = look(backup, now, listener, cancellation);
        List<Problem> objections = restore.objections(older);
        if (!objections.isEmpty()) {
            return Outcome.refused(objections);
        }
        if (cancellation.isFired()) {
            return Outcome.refused("it was cancelled before anything was written", "");
        }
        if (restore.complete()) {
            return new Outcome(
                    Optional.empty(),
                    Outcome.End.DONE,
                    List.of(),
                    List.of(
                            "ZooKeeper has the records of this backup already; nothing was written"));
        }
        List<String> notices = restore.notices(backup.records());
        OperationHeader entry =
                Restore.entry(backup, now, operator, clock.instant(), String.join("; ", notices));
        prepare(backup.records(), restore, now);
        Plan plan = new Plan(entry.command(), List.of(), OptionalInt.empty());
        underLock()
                .restoreTopology(
                        backup.records().topology(),
                        restore.version(),
                        Restore.lineageAfter(backup.records()))
                .createOperation(entry, Json.write(plan), 0)
                .commit();
        return new Outcome(Optional.of(entry.number()), Outcome.End.DONE, List.of(), notices);
    }

    /** Agents need a while to find the new store; those that have gone are not waited for long. */
    private Restore look(
            Backup backup, Snapshot now, Listener listener, Cancellation cancellation) {
        long deadline = System.nanoTime() + patience.toNanos();
        boolean told = false;
        while (true) {
            Restore restore = Restore.of(backup.records(), now, store.presence());
            boolean enough =
                    now.topology().isPresent()
                            || restore.absent().isEmpty()
                            || System.nanoTime() >= deadline
                            || cancellation.isFired();
            if (enough) {
                return restore;
            }
            if (!told) {
                listener.waiting(
                        "up to "
                                + patience.toSeconds()
                                + " s for what the agents hold of "
                                + restore.absent().stream()
                                        .map(HostName::toString)
                                        .collect(Collectors.joining(", ")));
                told = true;
            }
            pause(cancellation);
        }
    }

    private static void pause(Cancellation cancellation) {
        try {
            cancellation.signal().get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            return;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.fire();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cancellation never fails", e);
        }
    }

    /** What comes before the topology; what an earlier try wrote is there and stays. */
    private void prepare(Backup.Records backup, Restore restore, Snapshot now) {
        if (now.secrets().isEmpty()) {
            underLock().createSecrets(backup.secrets()).commit();
        }
        List<HostRecord> hosts =
                backup.hosts().stream()
                        .filter(host -> !now.hosts().containsKey(host.host()))
                        .toList();
        for (int from = 0; from < hosts.size(); from += AT_ONCE) {
            Change change = underLock();
            hosts.subList(from, Math.min(hosts.size(), from + AT_ONCE)).forEach(change::createHost);
            change.commit();
        }
        for (int from = 0; from < restore.states().size(); from += AT_ONCE) {
            Change change = underLock();
            restore.states()
                    .subList(from, Math.min(restore.states().size(), from + AT_ONCE))
                    .forEach(state -> put(state, now.nodeStates(), change));
            change.commit();
        }
    }

    private static void put(
            NodeState state, Map<NodeName, Versioned<NodeState>> present, Change change) {
        Optional<Versioned<NodeState>> there =
                Optional.ofNullable(present.get(state.master().node()));
        if (there.isEmpty()) {
            change.createNodeState(state);
        } else if (there.get().value().generation() < state.generation()) {
            change.replaceNodeState(state, there.get().version());
        }
    }

    private Change underLock() {
        return store.change().checkLock(ClusterLock.VERSION);
    }
}
