package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The node from which a new coordinator or datanode takes its definitions. */
final class DefinitionsSource {
    private DefinitionsSource() {}

    /**
     * @param guard the coordinator that keeps DDL out
     * @param refusals is told when it must be a datanode and none runs
     * @return empty when there is nothing to take
     */
    static Optional<Node> choose(
            NodeKind kind, DdlGuard guard, Observation seen, List<Refusal> refusals) {
        List<Node> datanodes = seen.topology().nodes(NodeKind.DATANODE);
        boolean fromDatanode =
                kind == NodeKind.DATANODE
                        && EngineRules.datanodesHaveDefinitionsOfTheirOwn(seen.topology().engine())
                        && !datanodes.isEmpty();
        if (!fromDatanode) {
            return guard.held();
        }
        Optional<Node> running =
                datanodes.stream()
                        .filter(node -> seen.isUp(node.instances().get(0)))
                        .findFirst()
                        .or(() -> datanodes.stream().filter(seen::runsByThen).findFirst());
        if (running.isEmpty()) {
            refusals.add(
                    Refusal.unreachable(
                            Problem.of(
                                    "no datanode runs from which a new one could take its"
                                            + " definitions: "
                                            + String.join(", ", Names.of(datanodes)),
                                    "start datanode all")));
        }
        return running;
    }
}
