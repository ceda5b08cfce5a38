package xlctl.monitor;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xlctl.store.ClusterStore;
import xlctl.store.HeldInstance;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * A store without a topology, while agents have instances with data that one named: ZooKeeper lost
 * the cluster's records. That is never a fresh start.
 */
public final class EmptiedStore {
    private static final int NAMED = 5;

    private EmptiedStore() {}

    /**
     * What is amiss; empty when nothing is.
     *
     * @param founded whether the store has a topology
     * @param hosts every agent that is connected
     */
    public static Optional<Problem> of(boolean founded, Collection<HostView> hosts) {
        return founded
                ? Optional.empty()
                : of(hosts.stream().flatMap(host -> host.presence().stream()).toList());
    }

    /** As {@link #of(boolean, Collection)}, looked up. */
    public static Optional<Problem> in(ClusterStore store) {
        return store.topology().isPresent()
                ? Optional.empty()
                : of(store.presence().values().stream().map(Versioned::value).toList());
    }

    private static Optional<Problem> of(Collection<Presence> agents) {
        TreeMap<HostName, List<HeldInstance>> holders = new TreeMap<>();
        agents.forEach(
                agent ->
                        agent.held()
                                .filter(held -> !held.isEmpty())
                                .ifPresent(held -> holders.put(agent.host(), held)));
        if (holders.isEmpty()) {
            return Optional.empty();
        }
        List<String> holding = new ArrayList<>();
        holders.forEach((host, held) -> holding.add("host " + host + " has " + names(held)));
        int more = holding.size() - NAMED;
        return Optional.of(
                Problem.of(
                        "ZooKeeper has no records of this cluster, but "
                                + holding.stream().limit(NAMED).collect(Collectors.joining(", "))
                                + (more > 0 ? " and " + more + " more hosts have members" : "")
                                + ", with data",
                        "if ZooKeeper lost its data, restore them from a backup: restore FILE;"
                                + " nothing is begun anew beside servers that hold data"));
    }

    private static String names(List<HeldInstance> held) {
        return held.stream()
                .map(each -> each.instance().node().value())
                .collect(Collectors.joining(" and "));
    }
}
