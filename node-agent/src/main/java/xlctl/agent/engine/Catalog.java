package xlctl.agent.engine;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import xlctl.topology.GtmAddress;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Places;
import xlctl.topology.Topology;

/**
 * What every server of the cluster must know of the others.
 *
 * @param entries the nodes that {@code pgxc_node} lists, in the order in which they were added
 * @param hosts those that have a server of the cluster, or may get one
 * @param gtm how the servers of each of them reach the GTM; empty while there is none
 * @param places which hosts run on the same machine
 */
public record Catalog(
        List<Entry> entries,
        Set<HostName> hosts,
        Networks networks,
        Map<HostName, GtmAddress> gtm,
        Places places) {

    /** A node and where its master is reached. */
    public record Entry(NodeName node, NodeKind kind, HostPort master) {
        public Entry {
            requireNonNull(node, "node is null");
            requireNonNull(kind, "kind is null");
            requireNonNull(master, "master is null");
        }
    }

    public Catalog {
        entries = List.copyOf(entries);
        hosts = Set.copyOf(hosts);
        requireNonNull(networks, "networks is null");
        gtm = Map.copyOf(gtm);
        requireNonNull(places, "places is null");
    }

    /** Before the cluster has a topology. */
    public static Catalog empty(Networks networks) {
        return new Catalog(List.of(), Set.of(), networks, Map.of(), Places.UNKNOWN);
    }

    /**
     * @param registered hosts whose agents may be asked to prepare a server: it takes definitions
     *     from others before it is part of the topology
     * @throws EngineException when the node state of a node with several instances is missing, so
     *     that its master is not known
     */
    public static Catalog of(
            Topology topology,
            Map<NodeName, NodeState> states,
            Set<HostName> registered,
            Places places)
            throws EngineException {
        List<Entry> entries = new ArrayList<>();
        for (Node node : topology.nodes()) {
            if (node.kind().inCatalog()) {
                entries.add(new Entry(node.name(), node.kind(), master(node, states)));
            }
        }
        Map<HostName, GtmAddress> gtm = new HashMap<>();
        for (HostName host : topology.hosts()) {
            GtmAddress.of(topology, states, places, host)
                    .ifPresent(address -> gtm.put(host, address));
        }
        Set<HostName> hosts = new TreeSet<>(topology.hosts());
        hosts.addAll(registered);
        return new Catalog(entries, hosts, topology.networks(), gtm, places);
    }

    public List<Entry> datanodes() {
        return entries.stream()
                .filter(entry -> entry.kind() == NodeKind.DATANODE)
                .collect(Collectors.toUnmodifiableList());
    }

    /**
     * Where a coordinator reads copies when it has the choice: the datanodes on its own machine.
     *
     * @param host the coordinator's
     */
    public List<Entry> preferredDatanodes(HostName host) {
        return datanodes().stream()
                .filter(entry -> places.together(entry.master().host(), host))
                .collect(Collectors.toUnmodifiableList());
    }

    /** The hosts of the cluster and one more, sorted. */
    public Set<HostName> hostsWith(HostName host) {
        Set<HostName> all = new TreeSet<>(hosts);
        all.add(host);
        return all;
    }

    private static HostPort master(Node node, Map<NodeName, NodeState> states)
            throws EngineException {
        if (node.instances().size() == 1) {
            return node.instances().get(0).address();
        }
        NodeState state = states.get(node.name());
        if (state == null || node.instance(state.master()).isEmpty()) {
            throw new EngineException(
                    "which instance of " + node.name() + " is its master is not known",
                    "operation list",
                    null);
        }
        return node.instance(state.master()).orElseThrow().address();
    }
}
