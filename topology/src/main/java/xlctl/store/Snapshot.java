package xlctl.store;

import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import xlctl.topology.HostName;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/** Every record of a cluster that lasts, as they were at one moment. */
public record Snapshot(
        Optional<Versioned<Topology>> topology,
        Optional<Versioned<Lineage>> lineage,
        Map<NodeName, Versioned<NodeState>> nodeStates,
        Map<HostName, Versioned<HostRecord>> hosts,
        Optional<Versioned<ClusterSecrets>> secrets,
        SortedMap<Long, Versioned<OperationHeader>> operations) {

    /** The highest number of an operation that is kept, 0 for none. */
    public long lastOperation() {
        return operations.isEmpty() ? 0 : operations.lastKey();
    }
}
