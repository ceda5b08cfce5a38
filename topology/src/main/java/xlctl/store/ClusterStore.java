package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import xlctl.json.Json;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Lifetime;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/**
 * The records of one cluster with their types. Reading gives each record with its version; {@link
 * #change()} writes several of them at once, each under the version that was read. Thread-safe.
 *
 * <p>All methods throw {@link StoreException}: unreachable, denied, or unreadable, which is never
 * taken for absent.
 */
public final class ClusterStore implements AutoCloseable {
    private static final int READINGS = 50;

    private final RecordTree tree;
    private final ClusterPaths paths;

    /** A store over a tree that it closes when it is closed. */
    public ClusterStore(RecordTree tree, ClusterName cluster) {
        this.tree = requireNonNull(tree, "tree is null");
        this.paths = new ClusterPaths(cluster);
    }

    /** Makes the first look at a cluster faster. May run while others already look. */
    public static void prepareToRead() {
        Json.prepareToRead(
                HostRecord.class,
                Topology.class,
                ClusterSecrets.class,
                Presence.class,
                NodeState.class,
                OperationHeader.class);
    }

    public ClusterName cluster() {
        return paths.cluster();
    }

    /**
     * Makes the cluster's place in the tree, where it is not there yet: the controller does this
     * before anything else, agents rely on it.
     */
    public void prepare() {
        Map<String, Access> places = new LinkedHashMap<>();
        places.put(paths.root(), Access.CLUSTER);
        places.put(paths.nodes(), Access.CLUSTER);
        places.put(paths.hosts(), Access.CLUSTER);
        places.put(paths.presences(), Access.AGENT);
        places.put(paths.instances(), Access.AGENT);
        places.put(paths.operations(), Access.CONTROLLER);
        places.forEach(
                (path, access) -> {
                    if (tree.read(path).isEmpty()) {
                        makePlace(path, access);
                    }
                });
    }

    private void makePlace(String path, Access access) {
        try {
            tree.write(List.of(new Create(path, new byte[0], Lifetime.PERSISTENT, access)));
        } catch (StoreException.Stale e) {
            if (tree.read(path).isEmpty()) {
                throw e;
            }
        }
    }

    /** Empty before the first node of the cluster was added. */
    public Optional<Versioned<Topology>> topology() {
        return read(paths.topology(), Topology.class);
    }

    /** Empty without a topology, and with one that an older version of xlctl founded. */
    public Optional<Versioned<Lineage>> lineage() {
        return read(paths.lineage(), Lineage.class);
    }

    public Map<NodeName, Versioned<NodeState>> nodeStates() {
        return readAll(paths.nodes(), NodeName::new, NodeState.class);
    }

    public Map<HostName, Versioned<HostRecord>> hosts() {
        return readAll(paths.hosts(), HostName::new, HostRecord.class);
    }

    /** The agents that are connected now. */
    public Map<HostName, Versioned<Presence>> presence() {
        return readAll(paths.presences(), HostName::new, Presence.class);
    }

    /** The agent of one host, if it is connected now. */
    public Optional<Versioned<Presence>> presence(HostName host) {
        return read(paths.presence(host), Presence.class);
    }

    /** What a connected agent last said of one instance. */
    public Optional<Versioned<InstanceReport>> instance(InstanceName name) {
        return read(paths.instance(name), InstanceReport.class);
    }

    /** What connected agents last said of their instances. */
    public Map<InstanceName, Versioned<InstanceReport>> instances() {
        return readAll(paths.instances(), InstanceName::parse, InstanceReport.class);
    }

    public Optional<Versioned<LockHolder>> lock() {
        return read(paths.lock(), LockHolder.class);
    }

    /** The controller alone may read these. */
    public Optional<Versioned<ClusterSecrets>> secrets() {
        return read(paths.secrets(), ClusterSecrets.class);
    }

    /** Every operation kept, by number, oldest first. */
    public SortedMap<Long, Versioned<OperationHeader>> operations() {
        return new TreeMap<>(readAll(paths.operations(), Long::valueOf, OperationHeader.class));
    }

    public Optional<Versioned<OperationHeader>> operation(long number) {
        return read(paths.operation(number), OperationHeader.class);
    }

    /** The plan of an operation, as it was given to {@link Change#createOperation}. */
    public byte[] plan(long number) {
        ByteArrayOutputStream plan = new ByteArrayOutputStream();
        Map<String, Versioned<byte[]>> chunks = new TreeMap<>(tree.children(paths.plan(number)));
        if (chunks.isEmpty()) {
            throw new StoreException.Unreadable(
                    "operation " + number + " has no plan at " + paths.plan(number), null);
        }
        chunks.forEach(
                (name, chunk) ->
                        plan.writeBytes(
                                RecordCodec.unframe(
                                        chunk.value(), paths.plan(number) + "/" + name)));
        return plan.toByteArray();
    }

    /** The journal of an operation, by step. */
    public SortedMap<Integer, Versioned<StepRecord>> steps(long number) {
        return new TreeMap<>(readAll(paths.steps(number), Integer::valueOf, StepRecord.class));
    }

    /**
     * Everything that lasts, at one moment: it is read until two readings are the same, and what
     * both of them read was there between them.
     *
     * @throws StoreException.Stale when the records never stand still
     */
    public Snapshot snapshot() {
        Snapshot before = readAll();
        for (int reading = 0; reading < READINGS; reading++) {
            Snapshot after = readAll();
            if (after.equals(before)) {
                return after;
            }
            before = after;
        }
        throw new StoreException.Stale(
                "the records of cluster "
                        + cluster()
                        + " change all the time: try again when no operation is under way",
                null);
    }

    private Snapshot readAll() {
        return new Snapshot(topology(), lineage(), nodeStates(), hosts(), secrets(), operations());
    }

    /** Begins an atomic change; nothing is written until {@link Change#commit()}. */
    public Change change() {
        return new Change(tree, paths);
    }

    /**
     * Calls back, on a thread that must not be blocked, whenever a record of the cluster may have
     * changed.
     */
    public RecordTree.Watch watchTopology(Runnable changed) {
        return tree.watch(paths.topology(), changed);
    }

    /** As {@link #watchTopology}, for node states. */
    public RecordTree.Watch watchNodeStates(Runnable changed) {
        return tree.watch(paths.nodes(), changed);
    }

    /** As {@link #watchTopology}, for the hosts that are registered. */
    public RecordTree.Watch watchHosts(Runnable changed) {
        return tree.watch(paths.hosts(), changed);
    }

    /**
     * The tree below, for what concerns the connection: whether it stands, and its session timeout.
     */
    public RecordTree tree() {
        return tree;
    }

    @Override
    public void close() {
        tree.close();
    }

    private <T> Optional<Versioned<T>> read(String path, Class<T> type) {
        return tree.read(path).map(stored -> decode(stored, type, path));
    }

    private <K, T> Map<K, Versioned<T>> readAll(
            String parent, Function<String, K> key, Class<T> type) {
        Map<K, Versioned<T>> records = new LinkedHashMap<>();
        new TreeMap<>(tree.children(parent))
                .forEach(
                        (name, stored) -> {
                            String path = parent + "/" + name;
                            K typedKey;
                            try {
                                typedKey = key.apply(name);
                            } catch (IllegalArgumentException e) {
                                throw new StoreException.Unreadable(
                                        path + " is not a record of xlctl: " + e.getMessage(), e);
                            }
                            records.put(typedKey, decode(stored, type, path));
                        });
        return records;
    }

    private static <T> Versioned<T> decode(Versioned<byte[]> stored, Class<T> type, String path) {
        return new Versioned<>(RecordCodec.decode(stored.value(), type, path), stored.version());
    }
}
