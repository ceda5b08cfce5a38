package xlctl.operation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.monitor.Observer;
import xlctl.plan.FoundingSetting;
import xlctl.plan.Observation;
import xlctl.plan.Planned;
import xlctl.plan.Planner;
import xlctl.plan.SwarmFacts;
import xlctl.plan.TablesHeld;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.swarm.SwarmView;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Places;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** Finds out what planning needs to know, asking all agents concerned at the same time. */
final class Survey {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ClusterStore store;
    private final Agents agents;
    private final Observer observer;
    private final Founding founding;
    private final SwarmAccess swarm;

    Survey(
            ClusterStore store,
            Agents agents,
            Observer observer,
            Founding founding,
            SwarmAccess swarm) {
        this.store = store;
        this.agents = agents;
        this.observer = observer;
        this.founding = founding;
        this.swarm = swarm;
    }

    /**
     * Plans commands one after the other, adds on top of each other.
     *
     * @param lock who else has it
     * @param open operations that are open
     */
    List<Planned> plan(
            List<Command> commands, Optional<LockHolder> lock, List<OperationHeader> open) {
        Observation seen = observe(commands, lock, open);
        List<Planned> planned = new ArrayList<>();
        for (Command command : commands) {
            Planned next = Planner.plan(command, seen);
            planned.add(next);
            if (next.plan().isPresent() && command instanceof Command.AddNode add) {
                seen = seen.after(add.node(), next.plan().get());
            }
        }
        return planned;
    }

    /** As the store has it. */
    Topology topology() {
        return store.topology().map(Versioned::value).orElse(founding.empty());
    }

    private List<Problem> contradictions(Topology present) {
        return FoundingSetting.contradictions(founding.empty(), founding.origins(), present);
    }

    private Observation observe(
            List<Command> commands, Optional<LockHolder> lock, List<OperationHeader> open) {
        Optional<Topology> founded = store.topology().map(Versioned::value);
        Topology topology = founded.orElse(founding.empty());
        Map<NodeName, NodeState> states = new HashMap<>();
        store.nodeStates().forEach((node, state) -> states.put(node, state.value()));
        Places places = HostRecord.places(store.hosts().values());
        Map<Instance, Request> questions = questions(commands, topology, places);
        Set<HostName> concerned =
                questions.keySet().stream()
                        .map(Instance::host)
                        .collect(Collectors.toCollection(LinkedHashSet::new));
        concerned.addAll(hostsOf(commands, topology, places));
        Map<HostName, Versioned<HostRecord>> records = store.hosts();
        if (commands.stream().anyMatch(Command.RotateKeys.class::isInstance)) {
            concerned.addAll(records.keySet());
        }
        Optional<CompletableFuture<SwarmView>> looked =
                concernSwarm(commands, topology, records)
                        ? Optional.of(swarm.look())
                        : Optional.empty();
        Map<Instance, CompletableFuture<Reply>> asked = ask(questions, records);
        Map<HostName, HostView> hosts = observer.hosts(concerned, PATIENCE);
        return new Observation(
                topology,
                founded.isPresent(),
                states,
                hosts,
                answers(asked),
                lock,
                open,
                Set.of(),
                Map.of(),
                Optional.of(
                        new SwarmFacts(
                                swarm.settings(),
                                swarm.zooKeeper(),
                                looked.map(CompletableFuture::join))),
                commands.stream().anyMatch(Command.RotateKeys.class::isInstance)
                        ? Optional.of(KeyReplacement.facts(agents.ownKey()))
                        : Optional.empty(),
                founded.map(this::contradictions).orElse(List.of()));
    }

    /** Whether a command may make a service, or remove one. */
    private boolean concernSwarm(
            List<Command> commands,
            Topology topology,
            Map<HostName, Versioned<HostRecord>> records) {
        return commands.stream()
                .anyMatch(
                        command ->
                                command instanceof Command.AddNode add
                                        ? mayMakeService(add, records)
                                        : command instanceof Command.RemoveNode remove
                                                        && remove.disposal() == Disposal.ERASE
                                                        && ofService(command, topology, records)
                                                || command instanceof Command.RemoveLost
                                                        && ofService(command, topology, records));
    }

    private boolean mayMakeService(
            Command.AddNode add, Map<HostName, Versioned<HostRecord>> records) {
        boolean wanted = add.service().isPresent() || swarm.settings().always();
        return wanted && !records.containsKey(add.node().instances().get(0).host());
    }

    private static boolean ofService(
            Command removal, Topology topology, Map<HostName, Versioned<HostRecord>> records) {
        return removed(removal, topology).stream()
                .flatMap(node -> node.instances().stream())
                .map(instance -> Optional.ofNullable(records.get(instance.host())))
                .anyMatch(record -> record.flatMap(found -> found.value().service()).isPresent());
    }

    private static Map<Instance, Request> questions(
            List<Command> commands, Topology topology, Places places) {
        Map<Instance, Request> questions = new HashMap<>();
        Topology then = topology;
        for (Command command : commands) {
            if (command instanceof Command.AddNode add) {
                Instance first = add.node().instances().get(0);
                questions.put(
                        first,
                        new Request.ProbePlace(
                                InstanceSpec.of(then, Map.of(), places, add.node(), first)));
                if (then.conflicts(add.node()).isEmpty()) {
                    then = then.with(add.node());
                }
            } else if (isRemoval(command)) {
                removed(command, topology).stream()
                        .flatMap(node -> TablesHeld.holders(node, topology).stream())
                        .flatMap(holder -> holder.instances().stream())
                        .forEach(
                                instance ->
                                        questions.put(
                                                instance,
                                                new Request.ListUserTables(instance.name())));
            }
        }
        return questions;
    }

    /**
     * Also those of all nodes of which a command may need one that runs, and those that share a
     * place with a GTM proxy: it may serve their nodes.
     */
    private static Set<HostName> hostsOf(List<Command> commands, Topology topology, Places places) {
        Set<HostName> hosts = new LinkedHashSet<>();
        for (Command command : commands) {
            Optional<Node> subject =
                    command instanceof Command.AddNode add
                            ? Optional.of(add.node())
                            : removed(command, topology);
            subject.ifPresent(node -> addHosts(node, hosts));
            subject.filter(node -> node.kind() == NodeKind.GTM_PROXY)
                    .ifPresent(proxy -> addNeighbours(proxy, topology, places, hosts));
            if (command instanceof Command.ForgetHost forget) {
                hosts.add(forget.host());
            }
            if (command instanceof Command.CreateDatabase
                    || command instanceof Command.CreateUser
                    || command instanceof Command.RotatePasswords) {
                hosts.addAll(topology.hosts());
            }
            if (command instanceof Command.AddNode || isRemoval(command)) {
                topology.nodes().stream()
                        .filter(node -> mayBeNeeded(node, subject, topology.engine()))
                        .forEach(node -> addHosts(node, hosts));
            }
        }
        return hosts;
    }

    /**
     * Coordinators keep DDL out, the stock engine's at its GTM; its new datanodes are copies. On
     * the others all must follow at once.
     */
    private static boolean mayBeNeeded(Node node, Optional<Node> subject, EngineKind engine) {
        boolean stock = engine == EngineKind.POSTGRESQL;
        return switch (node.kind()) {
            case COORDINATOR -> true;
            case GTM -> stock;
            case GTM_PROXY -> false;
            case DATANODE ->
                    !stock || subject.map(Node::kind).equals(Optional.of(NodeKind.DATANODE));
        };
    }

    private static void addNeighbours(
            Node proxy, Topology topology, Places places, Set<HostName> hosts) {
        for (Instance instance : proxy.instances()) {
            topology.hosts().stream()
                    .filter(host -> places.together(host, instance.host()))
                    .forEach(hosts::add);
        }
    }

    private static void addHosts(Node node, Set<HostName> hosts) {
        node.instances().forEach(instance -> hosts.add(instance.host()));
    }

    private static boolean isRemoval(Command command) {
        return command instanceof Command.RemoveNode || command instanceof Command.RemoveLost;
    }

    private static Optional<Node> removed(Command command, Topology topology) {
        if (command instanceof Command.RemoveNode remove) {
            return remove.name().isPresent()
                    ? topology.node(remove.name().get())
                    : topology.nodes(remove.kind()).stream().findFirst();
        }
        return command instanceof Command.RemoveLost lost
                ? topology.node(lost.name())
                : Optional.empty();
    }

    private Map<Instance, CompletableFuture<Reply>> ask(
            Map<Instance, Request> questions, Map<HostName, Versioned<HostRecord>> records) {
        Map<Instance, CompletableFuture<Reply>> asked = new HashMap<>();
        questions.forEach(
                (instance, question) -> {
                    if (records.containsKey(instance.host())) {
                        asked.put(
                                instance,
                                agents.to(records.get(instance.host()).value())
                                        .call(question, progress -> {}));
                    }
                });
        return asked;
    }

    private static Map<Instance, Reply> answers(Map<Instance, CompletableFuture<Reply>> asked) {
        long began = System.nanoTime();
        Map<Instance, Reply> answers = new HashMap<>();
        asked.forEach(
                (instance, answer) -> {
                    long left = PATIENCE.toNanos() - (System.nanoTime() - began);
                    answer.copy()
                            .orTimeout(Math.max(left, 1), TimeUnit.NANOSECONDS)
                            .handle((reply, error) -> Optional.ofNullable(reply))
                            .join()
                            .ifPresent(reply -> answers.put(instance, reply));
                });
        return answers;
    }
}
