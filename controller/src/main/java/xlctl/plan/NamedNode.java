package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.text.NearNames;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Topology;

/**
 * The node that a removal means.
 *
 * @param name empty for the GTM, which the command language does not name
 * @param disposal of the command that is proposed where it is another kind of node
 */
record NamedNode(NodeKind kind, Optional<NodeName> name, Disposal disposal) {
    NamedNode {
        requireNonNull(kind, "kind is null");
        requireNonNull(name, "name is null");
        requireNonNull(disposal, "disposal is null");
    }

    /**
     * Looks for it.
     *
     * @param refusals is told where there is none
     */
    Optional<Node> in(Topology topology, List<Refusal> refusals) {
        if (name.isEmpty()) {
            Optional<Node> only = topology.nodes(kind).stream().findFirst();
            if (only.isEmpty()) {
                refusals.add(
                        Refusal.refused("the cluster has no " + kind, "nothing is to be removed"));
            }
            return only;
        }
        Optional<Node> named = topology.node(name.get());
        if (named.isEmpty()) {
            refusals.add(unknown(name.get(), topology));
        } else if (named.get().kind() != kind) {
            refusals.add(
                    Refusal.refused(
                            named.get().name() + " is a " + named.get().kind() + ", not a " + kind,
                            asItIs(named.get())));
            return Optional.empty();
        }
        return named;
    }

    private Refusal unknown(NodeName meant, Topology topology) {
        List<String> known = Names.of(topology.nodes(kind));
        String near = NearNames.question(meant.value(), known);
        return Refusal.refused(
                "there is no " + kind + " " + meant + (near.isEmpty() ? "" : ": " + near),
                known.isEmpty()
                        ? "the cluster has no " + kind
                        : "of that kind there are " + String.join(", ", known));
    }

    /** The command that would remove it. */
    private String asItIs(Node node) {
        Optional<NodeName> itsName =
                node.kind() == NodeKind.GTM ? Optional.empty() : Optional.of(node.name());
        return new Command.RemoveNode(node.kind(), itsName, disposal).toString();
    }
}
