package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
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

    /** Whether a host reaches nothing on another one that reaches it. */
    public boolean oneWay(HostName from, HostName to) {
        return has(Way.State.SHUT, from, to)
                && !has(Way.State.OPEN, from, to)
                && has(Way.State.OPEN, to, from);
    }

    private boolean has(Way.State state, HostName from, HostName to) {
        return ways.stream()
                .anyMatch(
                        way ->
                                way.state() == state
                                        && way.from().equals(from)
                                        && way.to().equals(to));
    }
}
