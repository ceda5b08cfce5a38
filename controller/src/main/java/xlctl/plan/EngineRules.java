package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.topology.EngineKind;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** What plans have to know of the engines. */
final class EngineRules {
    private EngineRules() {}

    /** Whether coordinators and datanodes cannot start before their GTM. */
    static boolean nodesStartByTheirGtm(EngineKind engine) {
        return engine != EngineKind.POSTGRESQL;
    }

    /** Whether DDL is kept out by a lock at the GTM, which then must run. */
    static boolean ddlIsLockedAtTheGtm(EngineKind engine) {
        return engine == EngineKind.POSTGRESQL;
    }

    /**
     * Whether a table is defined otherwise on datanodes than on coordinators, so that datanodes
     * take their definitions from each other; the rows are on datanodes only.
     */
    static boolean datanodesHaveDefinitionsOfTheirOwn(EngineKind engine) {
        return engine == EngineKind.POSTGRESQL;
    }

    /** Why the engine has no nodes of this kind; what else keeps it from them, its agents say. */
    static Optional<Problem> kindProblem(EngineKind engine, NodeKind kind) {
        if (kind != NodeKind.GTM_PROXY || engine != EngineKind.POSTGRESQL) {
            return Optional.empty();
        }
        return Optional.of(
                Problem.of(
                        "a gtm_proxy cannot be added: the engine " + engine + " has none",
                        "coordinators and datanodes reach the GTM directly"));
    }

    /**
     * OpenTenBase takes a datanode only under a name that sorts after those of all coordinators and
     * datanodes.
     */
    static Optional<Problem> nameProblem(Topology topology, Node candidate) {
        if (topology.engine() != EngineKind.OPENTENBASE || candidate.kind() != NodeKind.DATANODE) {
            return Optional.empty();
        }
        List<String> later =
                topology.nodes().stream()
                        .filter(node -> node.kind().inCatalog())
                        .map(Node::name)
                        .map(NodeName::value)
                        .filter(name -> name.compareTo(candidate.name().value()) > 0)
                        .toList();
        return later.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                "the engine "
                                        + topology.engine()
                                        + " takes new datanodes only in ascending order of names,"
                                        + " and "
                                        + candidate.name()
                                        + " sorts before "
                                        + String.join(", ", later),
                                "choose a name that sorts after "
                                        + later.stream().max(String::compareTo).orElseThrow()));
    }
}
