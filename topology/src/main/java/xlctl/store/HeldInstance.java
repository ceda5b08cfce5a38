package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.topology.InstanceName;

/**
 * An instance with data that an agent has on its host, and that a topology named: what is left to
 * know of the cluster when its records are lost.
 *
 * @param topology the newest version of the topology that was seen to name it
 * @param generation the highest under which it was started, 0 before the first start
 * @param lineage the life of the records in which that was; empty where there was none yet
 */
public record HeldInstance(
        InstanceName instance, int topology, long generation, Optional<Lineage> lineage) {
    public HeldInstance {
        requireNonNull(instance, "instance is null");
        requireNonNull(lineage, "lineage is null");
    }
}
