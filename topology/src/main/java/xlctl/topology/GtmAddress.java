package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Optional;

/**
 * How the servers of one host reach the GTM.
 *
 * @param gtm the GTM's node
 * @param master where its master is
 * @param proxy the host's own GTM proxy, when it has one
 */
public record GtmAddress(NodeName gtm, HostPort master, Optional<HostPort> proxy) {
    public GtmAddress {
        requireNonNull(gtm, "gtm is null");
        requireNonNull(master, "master is null");
        requireNonNull(proxy, "proxy is null");
    }

    /**
     * @return empty while the cluster has no GTM, or while it is not known which of several
     *     instances is its master
     */
    public static Optional<GtmAddress> of(
            Topology topology, Map<NodeName, NodeState> states, HostName host) {
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
                                                                proxyOn(topology, host))));
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

    private static Optional<HostPort> proxyOn(Topology topology, HostName host) {
        return topology.nodes(NodeKind.GTM_PROXY).stream()
                .flatMap(proxy -> proxy.instances().stream())
                .filter(instance -> instance.host().equals(host))
                .map(Instance::address)
                .findFirst();
    }
}
