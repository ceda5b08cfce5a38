package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import xlctl.agent.api.Reply;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Places;
import xlctl.topology.Topology;

/**
 * Everything a plan is made from.
 *
 * @param topology empty of nodes where there is none yet; its engine and networks are then the
 *     settings'
 * @param founded whether the store has a topology
 * @param hosts those that the command concerns were asked; of the others only what the store knows
 * @param answers what an instance's agent answered to the question that its command raises: {@link
 *     Reply.PlaceReport}, {@link Reply.UserTables} or {@link Reply.Failed}; nothing where the agent
 *     is not reached
 * @param lock who else may change the cluster now
 * @param openOperations of others, or left behind
 * @param added nodes of the topology that commands before this one will have added by then
 */
public record Observation(
        Topology topology,
        boolean founded,
        Map<NodeName, NodeState> nodeStates,
        Map<HostName, HostView> hosts,
        Map<Instance, Reply> answers,
        Optional<LockHolder> lock,
        List<OperationHeader> openOperations,
        Set<NodeName> added) {
    public Observation {
        requireNonNull(topology, "topology is null");
        nodeStates = Map.copyOf(nodeStates);
        hosts = Map.copyOf(hosts);
        answers = Map.copyOf(answers);
        requireNonNull(lock, "lock is null");
        openOperations = List.copyOf(openOperations);
        added = Set.copyOf(added);
    }

    Optional<HostView> host(HostName name) {
        return Optional.ofNullable(hosts.get(name));
    }

    Optional<Reply> answerOn(Instance instance) {
        return Optional.ofNullable(answers.get(instance));
    }

    /** Which of the registered hosts run together. */
    Places places() {
        Map<HostName, String> known = new HashMap<>();
        hosts.forEach(
                (name, view) ->
                        view.record()
                                .flatMap(HostRecord::place)
                                .ifPresent(place -> known.put(name, place)));
        return new Places(known);
    }

    Optional<NodeState> stateOf(NodeName node) {
        return Optional.ofNullable(nodeStates.get(node));
    }

    boolean beingAdded(NodeName node) {
        return added.contains(node);
    }

    /** As this will be once the node is in the cluster. */
    public Observation with(Node node) {
        Map<NodeName, NodeState> states = new HashMap<>(nodeStates);
        states.put(
                node.name(),
                NodeState.first(node.instances().get(0).name(), Instant.EPOCH, "planned"));
        Set<NodeName> more = new HashSet<>(added);
        more.add(node.name());
        return new Observation(
                topology.with(node), true, states, hosts, answers, lock, openOperations, more);
    }
}
