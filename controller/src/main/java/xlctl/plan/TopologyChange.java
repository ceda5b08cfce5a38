package xlctl.plan;

import static java.util.Objects.requireNonNull;

import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeName;

/** What the commit point writes. */
public sealed interface TopologyChange
        permits TopologyChange.Add,
                TopologyChange.Remove,
                TopologyChange.NewPasswords,
                TopologyChange.None {

    /**
     * @param engine of the topology that is made, when this is the cluster's first node
     * @param networks of the topology that is made, when this is the cluster's first node
     */
    record Add(Node node, EngineKind engine, Networks networks) implements TopologyChange {
        public Add {
            requireNonNull(node, "node is null");
            requireNonNull(engine, "engine is null");
            requireNonNull(networks, "networks is null");
        }
    }

    record Remove(NodeName node) implements TopologyChange {
        public Remove {
            requireNonNull(node, "node is null");
        }
    }

    /** The topology stays: the passwords that were to come become the cluster's. */
    record NewPasswords() implements TopologyChange {}

    /** The topology stays: only the journal says that from here on there is no way back. */
    record None() implements TopologyChange {}
}
