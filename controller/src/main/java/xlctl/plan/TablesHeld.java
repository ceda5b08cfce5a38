package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.agent.api.Reply;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** That a member cannot be removed because tables of users would be lost with it. */
public final class TablesHeld {
    private static final int NAMED = 10;

    private TablesHeld() {}

    /**
     * The nodes that must hold no tables for a node to be removed: itself, and with the last
     * coordinator of an engine whose coordinators alone know how rows are distributed, all
     * datanodes.
     */
    public static List<Node> holders(Node removed, Topology topology) {
        if (!removed.kind().inCatalog()) {
            return List.of();
        }
        boolean withoutTheWhole =
                removed.kind() == NodeKind.COORDINATOR
                        && topology.nodes(NodeKind.COORDINATOR).size() == 1
                        && EngineRules.datanodesHaveDefinitionsOfTheirOwn(topology.engine());
        return withoutTheWhole
                ? Stream.concat(Stream.of(removed), topology.nodes(NodeKind.DATANODE).stream())
                        .toList()
                : List.of(removed);
    }

    /**
     * @param member as people call it
     * @return empty when it holds none
     */
    public static Optional<Problem> by(String member, Reply.UserTables tables) {
        if (tables.total() == 0) {
            return Optional.empty();
        }
        List<String> named =
                tables.tables().stream().limit(NAMED).collect(Collectors.toUnmodifiableList());
        int more = tables.total() - named.size();
        return Optional.of(
                Problem.of(
                        member
                                + " holds "
                                + tables.total()
                                + (tables.total() == 1 ? " table" : " tables")
                                + " of users: "
                                + String.join(", ", named)
                                + (more > 0 ? " and " + more + " more" : ""),
                        "move or drop these tables first"));
    }
}
