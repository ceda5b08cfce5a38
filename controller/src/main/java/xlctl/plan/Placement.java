package xlctl.plan;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import xlctl.swarm.ServiceSpec;
import xlctl.swarm.SwarmNode;
import xlctl.swarm.SwarmView;
import xlctl.topology.Port;

/** On which Swarm nodes the services of a cluster are. */
final class Placement {
    private static final String BY_HOSTNAME = "node.hostname==";

    private final SwarmView view;

    Placement(SwarmView view) {
        this.view = view;
    }

    /** A service that is going to be made, as if it were there. */
    static SwarmView.Member of(ServiceSpec spec) {
        Optional<String> node =
                spec.constraints().stream()
                        .map(constraint -> constraint.replace(" ", ""))
                        .filter(constraint -> constraint.startsWith(BY_HOSTNAME))
                        .map(constraint -> constraint.substring(BY_HOSTNAME.length()))
                        .findFirst();
        return new SwarmView.Member(
                spec.host(), node, spec.published().map(ServiceSpec.PublishedPort::outside));
    }

    /** What keeps a service on a node, where its volume is. */
    static String pinnedTo(SwarmNode node) {
        return BY_HOSTNAME + node.hostname();
    }

    /** The one with the fewest services among those that take tasks and have the port free. */
    Optional<SwarmNode> leastUsed(Optional<Port> published) {
        return view.nodes().stream()
                .filter(SwarmNode::ready)
                .filter(node -> published.flatMap(port -> publisher(node, port)).isEmpty())
                .min(Comparator.comparing(this::services).thenComparing(SwarmNode::hostname));
    }

    List<SwarmNode> called(String hostname) {
        return view.nodes().stream().filter(node -> node.hostname().equals(hostname)).toList();
    }

    /** The service of this cluster that has the port of the node. */
    Optional<SwarmView.Member> publisher(SwarmNode node, Port port) {
        return view.members().values().stream()
                .filter(member -> isOn(member, node))
                .filter(member -> member.published().equals(Optional.of(port)))
                .findFirst();
    }

    private long services(SwarmNode node) {
        return view.members().values().stream().filter(member -> isOn(member, node)).count();
    }

    private static boolean isOn(SwarmView.Member member, SwarmNode node) {
        return member.node().equals(Optional.of(node.hostname()));
    }
}
