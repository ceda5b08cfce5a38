package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.GtmAddress;
import xlctl.topology.Instance;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.OperatorFile;
import xlctl.topology.Places;
import xlctl.topology.Topology;

/**
 * All an agent must know to make one instance.
 *
 * @param gtm how the instance reaches the GTM; empty for the GTM itself
 * @param configuration the operator's lines for the engine's configuration file
 * @param hba the operator's lines for the client authentication file
 */
public record InstanceSpec(
        ClusterName cluster,
        EngineKind engine,
        NodeKind kind,
        Instance instance,
        Networks networks,
        Optional<GtmAddress> gtm,
        OperatorFile configuration,
        OperatorFile hba) {
    public InstanceSpec {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(engine, "engine is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(instance, "instance is null");
        requireNonNull(networks, "networks is null");
        requireNonNull(gtm, "gtm is null");
        requireNonNull(configuration, "configuration is null");
        requireNonNull(hba, "hba is null");
    }

    /** The same, when it reaches the GTM otherwise. */
    public InstanceSpec withGtm(Optional<GtmAddress> another) {
        return new InstanceSpec(
                cluster, engine, kind, instance, networks, another, configuration, hba);
    }

    /** What an agent must know of an instance in a cluster as it is, or will be by then. */
    public static InstanceSpec of(
            Topology topology,
            Map<NodeName, NodeState> states,
            Places places,
            Node node,
            Instance instance) {
        return new InstanceSpec(
                topology.cluster(),
                topology.engine(),
                node.kind(),
                instance,
                topology.networks(),
                node.kind() == NodeKind.GTM
                        ? Optional.empty()
                        : GtmAddress.of(topology, states, places, instance.host()),
                node.configuration(),
                node.hba());
    }
}
