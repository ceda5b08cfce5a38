package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the servers of one host reach the GTM.
 *
 * @param gtm the GTM's node
 * @param master where its master is
 * @param proxy the GTM proxy that serves the host: its own, else one of its place
 */
public record GtmAddress(NodeName gtm, HostPort master, Optional<HostPort> proxy) {
    public GtmAddress {
        requireNonNull(gtm, "gtm is null");
        requireNonNull(master, "master is null");
        requireNonNull(proxy, "proxy is null");
    }

    /**
     * @param host that need not be in the topology yet
     * @return empty while the cluster has no GTM, or while it is not known which of several
     *     instances is its master
     */
    public static Optional<GtmAddress> of(
            Topology topology, Map<NodeName, NodeState> states, Places places, HostName host) {
        return topology.nodes(NodeKind.GTM).stream()
                .findFirst()
                .flatMap(
                        gtm ->
                                master(gtm, states)
                                        .map(
                                                master ->
                                                        new GtmAddress(
                                                                gtm.name(),
                                                                master.address(),
                                                                proxyFor(topology, places, host))));
    }

    /** Where a coordinator or datanode of the host connects to. */
    public HostPort contact() {
        return proxy.orElse(master);
    }

    private static Optional<Instance> master(Node gtm, Map<NodeName, NodeState> states) {
        return gtm.instances().size() == 1
                ? Optional.of(gtm.instances().get(0))
                : Optional.ofNullable(states.get(gtm.name()))
                        .flatMap(state -> gtm.instance(state.master()));
    }

    private static Optional<HostPort> proxyFor(Topology topology, Places places, HostName host) {
        List<Instance> near =
                topology.nodes(NodeKind.GTM_PROXY).stream()
                        .flatMap(proxy -> proxy.instances().stream())
                        .filter(instance -> places.together(instance.host(), host))
                        .toList();
        return near.stream()
                .filter(instance -> instance.host().equals(host))
                .findFirst()
                .or(() -> near.stream().findFirst())
                .map(Instance::address);
    }
}
