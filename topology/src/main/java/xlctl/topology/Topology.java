package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The desired cluster. Nodes stay in the order in which they were added: it is the order of every
 * listing. No two nodes or instances in it conflict.
 */
public record Topology(
        ClusterName cluster, EngineKind engine, Networks networks, List<Node> nodes) {
    public Topology {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(engine, "engine is null");
        requireNonNull(networks, "networks is null");
        nodes = List.copyOf(nodes);
        Taken taken = new Taken();
        for (Node node : nodes) {
            List<Problem> conflicts = taken.conflicts(node);
            if (!conflicts.isEmpty()) {
                throw new InvalidValueException(
                        conflicts.stream().map(Problem::what).collect(Collectors.joining("; ")));
            }
            taken.add(node);
        }
    }

    public static Topology empty(ClusterName cluster, EngineKind engine, Networks networks) {
        return new Topology(cluster, engine, networks, List.of());
    }

    public Optional<Node> node(NodeName name) {
        return nodes.stream().filter(node -> node.name().equals(name)).findFirst();
    }

    public List<Node> nodes(NodeKind kind) {
        return nodes.stream()
                .filter(node -> node.kind() == kind)
                .collect(Collectors.toUnmodifiableList());
    }

    public Stream<Instance> instances() {
        return nodes.stream().flatMap(node -> node.instances().stream());
    }

    public List<Instance> instancesOn(HostName host) {
        return instances()
                .filter(instance -> instance.host().equals(host))
                .collect(Collectors.toUnmodifiableList());
    }

    public Set<HostName> hosts() {
        return instances().map(Instance::host).collect(Collectors.toUnmodifiableSet());
    }

    /** This topology and one more node, last. */
    public Topology with(Node node) {
        List<Node> more = new ArrayList<>(nodes);
        more.add(node);
        return new Topology(cluster, engine, networks, more);
    }

    /** This topology without a node; unchanged when it has none of that name. */
    public Topology without(NodeName name) {
        return new Topology(
                cluster,
                engine,
                networks,
                nodes.stream()
                        .filter(node -> !node.name().equals(name))
                        .collect(Collectors.toUnmodifiableList()));
    }

    /**
     * Everything that keeps a new node out of this topology: its name, ports and directories, and
     * by whom they are taken.
     */
    public List<Problem> conflicts(Node candidate) {
        Taken taken = new Taken();
        nodes.forEach(taken::add);
        return taken.conflicts(candidate);
    }
}
