package xlctl.store;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Check;
import xlctl.store.RecordTree.CheckOwn;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Delete;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Replace;
import xlctl.store.RecordTree.Write;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/**
 * Writes to several records that take place together or not at all. {@code create...} expects the
 * record to be absent; the others name the version that was read. Used by one thread, once.
 */
public final class Change {
    private static final int CHUNK_BYTES = 200_000;

    private final RecordTree tree;
    private final ClusterPaths paths;
    private final List<Write> writes = new ArrayList<>();

    Change(RecordTree tree, ClusterPaths paths) {
        this.tree = tree;
        this.paths = paths;
    }

    /** Begins a {@link Lineage}. */
    public Change createTopology(Topology topology) {
        return createTopology(topology, Lineage.founded());
    }

    /** A topology that was there before, in a life that goes on with its own. */
    public Change createTopology(Topology topology, Lineage lineage) {
        return create(paths.topology(), topology, Access.CLUSTER)
                .create(paths.lineage(), lineage, Access.CLUSTER);
    }

    /**
     * A topology that was there before, with the version it is to have: numbers that agents
     * remember from then do not come again. Nobody sees the versions below.
     */
    public Change restoreTopology(Topology topology, int version, Lineage lineage) {
        byte[] before = RecordCodec.frame(new byte[0]);
        byte[] record = RecordCodec.encode(topology);
        add(
                new Create(
                        paths.topology(),
                        version == 0 ? record : before,
                        Lifetime.PERSISTENT,
                        Access.CLUSTER));
        for (int lower = 0; lower < version; lower++) {
            add(new Replace(paths.topology(), lower == version - 1 ? record : before, lower));
        }
        return create(paths.lineage(), lineage, Access.CLUSTER);
    }

    public Change replaceTopology(Topology topology, int version) {
        return replace(paths.topology(), topology, version);
    }

    public Change createNodeState(NodeState state) {
        return create(paths.node(state.master().node()), state, Access.CLUSTER);
    }

    public Change replaceNodeState(NodeState state, int version) {
        return replace(paths.node(state.master().node()), state, version);
    }

    public Change deleteNodeState(NodeName node, int version) {
        return add(new Delete(paths.node(node), version));
    }

    public Change createHost(HostRecord host) {
        return create(paths.host(host.host()), host, Access.CLUSTER);
    }

    public Change replaceHost(HostRecord host, int version) {
        return replace(paths.host(host.host()), host, version);
    }

    public Change deleteHost(HostName host, int version) {
        return add(new Delete(paths.host(host), version));
    }

    /** Lives as long as this process's session. */
    public Change createPresence(Presence presence) {
        return createForSession(paths.presence(presence.host()), presence, Access.AGENT);
    }

    public Change replacePresence(Presence presence, int version) {
        return replace(paths.presence(presence.host()), presence, version);
    }

    /** For a presence that an earlier session of the same agent left behind. */
    public Change deletePresence(HostName host, int version) {
        return add(new Delete(paths.presence(host), version));
    }

    /** Lives as long as this process's session. */
    public Change createInstance(InstanceReport report) {
        return createForSession(paths.instance(report.instance()), report, Access.AGENT);
    }

    public Change replaceInstance(InstanceReport report, int version) {
        return replace(paths.instance(report.instance()), report, version);
    }

    public Change deleteInstance(InstanceName instance, int version) {
        return add(new Delete(paths.instance(instance), version));
    }

    /**
     * Takes the lock for as long as this process's session lives; {@link StoreException.Stale} when
     * someone has it.
     */
    public Change createLock(LockHolder holder) {
        return createForSession(paths.lock(), holder, Access.CONTROLLER);
    }

    /** This session must still have the lock: not somebody else, nor an earlier session. */
    public Change checkLock(int version) {
        return add(new CheckOwn(paths.lock(), version));
    }

    /** Gives back the lock that this session has; never takes it from somebody else. */
    public Change deleteLock(int version) {
        return checkLock(version).add(new Delete(paths.lock(), version));
    }

    public Change createSecrets(ClusterSecrets secrets) {
        return create(paths.secrets(), secrets, Access.CONTROLLER);
    }

    public Change replaceSecrets(ClusterSecrets secrets, int version) {
        return replace(paths.secrets(), secrets, version);
    }

    /**
     * An operation's header, its plan in chunks, and one pending record for each of its steps,
     * numbered from 0.
     */
    public Change createOperation(OperationHeader header, byte[] plan, int steps) {
        long number = header.number();
        create(paths.operation(number), header, Access.CONTROLLER);
        int chunk = 0;
        for (int from = 0; from == 0 || from < plan.length; from += CHUNK_BYTES) {
            byte[] part = Arrays.copyOfRange(plan, from, Math.min(plan.length, from + CHUNK_BYTES));
            add(
                    new Create(
                            paths.planChunk(number, chunk++),
                            RecordCodec.frame(part),
                            Lifetime.PERSISTENT,
                            Access.CONTROLLER));
        }
        for (int step = 0; step < steps; step++) {
            create(paths.step(number, step), StepRecord.pending(step), Access.CONTROLLER);
        }
        return this;
    }

    public Change replaceOperation(OperationHeader header, int version) {
        return replace(paths.operation(header.number()), header, version);
    }

    /** The operation must still be as it was read: nobody else resumed or ended it. */
    public Change checkOperation(long number, int version) {
        return add(new Check(paths.operation(number), version));
    }

    public Change replaceStep(long operation, StepRecord step, int version) {
        return replace(paths.step(operation, step.step()), step, version);
    }

    /** Forgets a finished operation with its plan and journal. */
    public Change deleteOperation(long number, int version) {
        for (String below : List.of(paths.plan(number), paths.steps(number))) {
            tree.children(below)
                    .forEach(
                            (name, stored) ->
                                    add(new Delete(below + "/" + name, stored.version())));
            tree.read(below).ifPresent(stored -> add(new Delete(below, stored.version())));
        }
        return add(new Delete(paths.operation(number), version));
    }

    /**
     * Writes everything.
     *
     * @throws StoreException.Stale when one of the records is not as it was read; nothing was
     *     written
     */
    public void commit() {
        tree.write(List.copyOf(writes));
    }

    private Change create(String path, Object record, Access access) {
        return add(new Create(path, RecordCodec.encode(record), Lifetime.PERSISTENT, access));
    }

    private Change createForSession(String path, Object record, Access access) {
        return add(new Create(path, RecordCodec.encode(record), Lifetime.SESSION, access));
    }

    private Change replace(String path, Object record, int version) {
        return add(new Replace(path, RecordCodec.encode(record), version));
    }

    private Change add(Write write) {
        writes.add(write);
        return this;
    }
}
