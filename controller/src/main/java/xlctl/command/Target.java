package xlctl.command;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Role;

/**
 * Which members a command is for: all, a kind, a role of a kind, or nodes by name. What is absent
 * does not restrict.
 *
 * @param names when not empty, only these nodes; one that is not in the cluster, or not of the
 *     kind, is a problem
 */
public record Target(Optional<NodeKind> kind, Optional<Role> role, List<NodeName> names) {
    public static final Target ALL = new Target(Optional.empty(), Optional.empty(), List.of());

    public Target {
        requireNonNull(kind, "kind is null");
        requireNonNull(role, "role is null");
        names = List.copyOf(names);
    }

    @Override
    public String toString() {
        if (equals(ALL)) {
            return "all";
        }
        StringBuilder words = new StringBuilder();
        kind.ifPresent(word -> words.append(word));
        role.ifPresent(word -> words.append(' ').append(word));
        if (!names.isEmpty()) {
            words.append(' ')
                    .append(names.stream().map(NodeName::value).collect(Collectors.joining(" ")));
        }
        return words.toString().strip();
    }
}
