package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * An entry of the cluster's catalog and the instances that serve it. Which instance is the master
 * is not said here but in the {@link NodeState}.
 *
 * @param configuration the operator's lines for the engine's configuration file
 * @param hba the operator's lines for the client authentication file
 * @param instances at least one, in order of their ordinals
 */
public record Node(
        NodeName name,
        NodeKind kind,
        OperatorFile configuration,
        OperatorFile hba,
        List<Instance> instances) {
    public Node {
        requireNonNull(name, "name is null");
        requireNonNull(kind, "kind is null");
        requireNonNull(configuration, "configuration is null");
        requireNonNull(hba, "hba is null");
        instances = List.copyOf(instances);
        if (instances.isEmpty()) {
            throw new InvalidValueException("node " + name + " has no instance");
        }
        int last = 0;
        for (Instance instance : instances) {
            if (!instance.name().node().equals(name)) {
                throw new InvalidValueException(
                        "instance " + instance.name() + " does not belong to node " + name);
            }
            if (instance.name().ordinal() <= last) {
                throw new InvalidValueException(
                        "the instances of node " + name + " are not in order of their ordinals");
            }
            last = instance.name().ordinal();
        }
    }

    public Optional<Instance> instance(InstanceName wanted) {
        return instances.stream().filter(instance -> instance.name().equals(wanted)).findFirst();
    }
}
