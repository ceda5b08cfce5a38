package xlctl.command;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.topology.Port;

/**
 * That the host of an added node is to be a Docker service, where it is not registered yet.
 *
 * @param node the Swarm node that it is to run on; where neither this nor a constraint is given,
 *     one is chosen
 * @param constraints where it may run, as Docker writes them: {@code node.labels.disk==ssd}
 * @param published the port of the Swarm node on which clients reach it; empty for none
 */
public record ServiceWish(
        Optional<String> node, List<String> constraints, Optional<Port> published) {
    /** Nothing but that it is to be one. */
    public static final ServiceWish ANYWHERE =
            new ServiceWish(Optional.empty(), List.of(), Optional.empty());

    public ServiceWish {
        requireNonNull(node, "node is null");
        constraints = List.copyOf(constraints);
        requireNonNull(published, "published is null");
    }

    /** As the command language has it. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder("--swarm");
        node.ifPresent(name -> words.append(" --on ").append(name));
        for (String constraint : constraints) {
            boolean blanks = constraint.contains(" ");
            words.append(" --constraint ").append(blanks ? "'" + constraint + "'" : constraint);
        }
        published.ifPresent(port -> words.append(" --publish ").append(port));
        return words.toString();
    }
}
