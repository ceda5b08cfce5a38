package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/**
 * The cluster at one moment.
 *
 * @param topology empty before the first node was added
 * @param members in the topology's order
 * @param hosts by name
 * @param openOperations what keeps other changes out, or is under way
 */
public record ClusterView(
        ClusterName cluster,
        Optional<Versioned<Topology>> topology,
        List<MemberView> members,
        List<HostView> hosts,
        Optional<LockHolder> lock,
        List<OperationHeader> openOperations) {
    public ClusterView {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(topology, "topology is null");
        members = List.copyOf(members);
        hosts = List.copyOf(hosts);
        requireNonNull(lock, "lock is null");
        openOperations = List.copyOf(openOperations);
    }

    /** That ZooKeeper lost the records of a cluster whose members are there. */
    public Optional<Problem> emptied() {
        return EmptiedStore.of(topology.isPresent(), hosts);
    }
}
