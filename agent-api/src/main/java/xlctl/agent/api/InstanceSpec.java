package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Instance;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/**
 * All an agent must know to make one instance.
 *
 * @param configuration the operator's lines for the engine's configuration file
 * @param hba the operator's lines for the client authentication file
 */
public record InstanceSpec(
        ClusterName cluster,
        EngineKind engine,
        NodeKind kind,
        Instance instance,
        Networks networks,
        String configuration,
        String hba) {
    public InstanceSpec {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(engine, "engine is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(instance, "instance is null");
        requireNonNull(networks, "networks is null");
        requireNonNull(configuration, "configuration is null");
        requireNonNull(hba, "hba is null");
    }

    public static InstanceSpec of(
            ClusterName cluster,
            EngineKind engine,
            Networks networks,
            Node node,
            Instance instance) {
        return new InstanceSpec(
                cluster, engine, node.kind(), instance, networks, node.configuration(), node.hba());
    }
}
