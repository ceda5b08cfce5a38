package xlctl.operation;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import xlctl.plan.FoundingSetting;
import xlctl.topology.Topology;

/**
 * How a cluster would be made by the settings of this controller.
 *
 * @param empty of the settings' engine and networks: what stands for the topology while the store
 *     has none
 * @param origins where the settings were set that somebody has set
 */
public record Founding(Topology empty, Map<FoundingSetting, String> origins) {
    public Founding {
        requireNonNull(empty, "empty is null");
        origins = Map.copyOf(origins);
    }

    public static Founding of(Topology empty) {
        return new Founding(empty, Map.of());
    }
}
