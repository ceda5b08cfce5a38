package xlctl.plan;

import java.util.List;
import java.util.stream.Collectors;
import xlctl.topology.Node;

/** Nodes as an operator reads them. */
final class Names {
    private Names() {}

    static List<String> of(List<Node> nodes) {
        return nodes.stream()
                .map(node -> node.name().value())
                .collect(Collectors.toUnmodifiableList());
    }
}
