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
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmView;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceReport;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Places;
import xlctl.topology.Problem;
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
 * @param coming hosts that will be registered by then, each with the node whose command does it
 * @param swarm empty where Docker plays no part
 * @param ownKey empty where the home's SSH key plays no part
 * @param contradictions settings that the cluster was not made with
 */
public record Observation(
        Topology topology,
        boolean founded,
        Map<NodeName, NodeState> nodeStates,
        Map<HostName, HostView> hosts,
        Map<Instance, Reply> answers,
        Optional<LockHolder> lock,
        List<OperationHeader> openOperations,
        Set<NodeName> added,
        Map<HostName, NodeName> coming,
        Optional<SwarmFacts> swarm,
        Optional<OwnKeyFacts> ownKey,
        List<Problem> contradictions) {
    public Observation {
        requireNonNull(topology, "topology is null");
        nodeStates = Map.copyOf(nodeStates);
        hosts = Map.copyOf(hosts);
        answers = Map.copyOf(answers);
        requireNonNull(lock, "lock is null");
        openOperations = List.copyOf(openOperations);
        added = Set.copyOf(added);
        coming = Map.copyOf(coming);
        requireNonNull(swarm, "swarm is null");
        requireNonNull(ownKey, "ownKey is null");
        contradictions = List.copyOf(contradictions);
    }

    /** Where no command has gone before, and Docker plays no part. */
    public Observation(
            Topology topology,
            boolean founded,
            Map<NodeName, NodeState> nodeStates,
            Map<HostName, HostView> hosts,
            Map<Instance, Reply> answers,
            Optional<LockHolder> lock,
            List<OperationHeader> openOperations,
            Set<NodeName> added) {
        this(
                topology,
                founded,
                nodeStates,
                hosts,
                answers,
                lock,
                openOperations,
                added,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                List.of());
    }

    Optional<HostView> host(HostName name) {
        return Optional.ofNullable(hosts.get(name));
    }

    Optional<Reply> answerOn(Instance instance) {
        return Optional.ofNullable(answers.get(instance));
    }

    /**
     * Which hosts run together: registered ones as they say, services that are not registered yet
     * as Docker has it.
     */
    Places places() {
        Map<HostName, String> known = new HashMap<>();
        swarm.flatMap(SwarmFacts::looked).stream()
                .flatMap(view -> view.members().values().stream())
                .filter(member -> host(member.host()).flatMap(HostView::record).isEmpty())
                .forEach(member -> member.node().ifPresent(node -> known.put(member.host(), node)));
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

    /** Whether its server was seen to answer. */
    boolean isUp(Instance instance) {
        return host(instance.host()).flatMap(HostView::report).stream()
                .flatMap(report -> report.instances().stream())
                .anyMatch(
                        each ->
                                each.instance().equals(instance.name())
                                        && each.state() == InstanceReport.State.UP);
    }

    /** Whether its master runs; one that a command before adds will do so by then. */
    boolean runsByThen(Node node) {
        return added.contains(node.name()) || isUp(node.instances().get(0));
    }

    /** Whether its master is known not to run: of a host whose agent is silent nothing is known. */
    boolean isDown(Node node) {
        return !runsByThen(node)
                && host(node.instances().get(0).host()).flatMap(HostView::report).isPresent();
    }

    SwarmView swarmView() {
        return swarm.flatMap(SwarmFacts::looked)
                .orElseGet(
                        () -> SwarmView.unusable(Problem.of("Docker was not asked", "try again")));
    }

    /** As this will be once a service is there. */
    Observation with(ServiceSpec service) {
        return new Observation(
                topology,
                founded,
                nodeStates,
                hosts,
                answers,
                lock,
                openOperations,
                added,
                coming,
                swarm.map(facts -> facts.with(Placement.of(service))),
                ownKey,
                contradictions);
    }

    /** As this will be once a plan that adds a node is done. */
    public Observation after(Node node, Plan plan) {
        Map<NodeName, NodeState> states = new HashMap<>(nodeStates);
        states.put(
                node.name(),
                NodeState.first(node.instances().get(0).name(), Instant.EPOCH, "planned"));
        Set<NodeName> more = new HashSet<>(added);
        more.add(node.name());
        Map<HostName, NodeName> hostsThen = new HashMap<>(coming);
        Optional<SwarmFacts> swarmThen = swarm;
        for (Step step : plan.steps()) {
            if (step.action() instanceof Action.RegisterHost register) {
                hostsThen.put(register.host(), node.name());
            } else if (step.action() instanceof Action.CreateService create) {
                swarmThen = swarmThen.map(facts -> facts.with(Placement.of(create.spec())));
            }
        }
        return new Observation(
                topology.with(node),
                true,
                states,
                hosts,
                answers,
                lock,
                openOperations,
                more,
                hostsThen,
                swarmThen,
                ownKey,
                contradictions);
    }
}
