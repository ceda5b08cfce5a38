package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Who reaches whom.
 *
 * @param hosts by name: those that are registered, and those where the topology has servers
 * @param ways by the host where they begin, then by the one where they end; there the agent first,
 *     then the servers in the topology's order
 */
public record HostMatrix(List<Host> hosts, List<Way> ways) {
    /**
     * A host.
     *
     * @param silent why its agent did not say what it reaches; empty when it did
     */
    public record Host(HostName name, Optional<Problem> silent) {
        public Host {
            requireNonNull(name, "name is null");
            requireNonNull(silent, "silent is null");
        }
    }

    /** Two hosts, which may be the same. */
    public record Pair(HostName from, HostName to) {
        public Pair {
            requireNonNull(from, "from is null");
            requireNonNull(to, "to is null");
        }

        Pair reversed() {
            return new Pair(to, from);
        }
    }

    public HostMatrix {
        hosts = List.copyOf(hosts);
        ways = List.copyOf(ways);
    }

    /** Whether every agent answered, and reaches all that was not stopped on purpose. */
    public boolean open() {
        return hosts.stream().allMatch(host -> host.silent().isEmpty())
                && ways.stream()
                        .allMatch(
                                way ->
                                        way.state() == Way.State.OPEN
                                                || way.state() == Way.State.STOPPED);
    }

    /** The pairs of which the first reaches nothing on the second, which reaches the first. */
    public Set<Pair> oneWay() {
        Set<Pair> open = pairs(Way.State.OPEN);
        return pairs(Way.State.SHUT).stream()
                .filter(pair -> !open.contains(pair) && open.contains(pair.reversed()))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Set<Pair> pairs(Way.State state) {
        return ways.stream()
                .filter(way -> way.state() == state)
                .map(way -> new Pair(way.from(), way.to()))
                .collect(Collectors.toUnmodifiableSet());
    }
}
