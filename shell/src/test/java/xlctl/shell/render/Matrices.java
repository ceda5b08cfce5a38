package xlctl.shell.render;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import xlctl.monitor.HostMatrix;
import xlctl.monitor.Way;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** Hosts with an agent and a datanode each, and who reaches whom. */
final class Matrices {
    private Matrices() {}

    static HostMatrix open(String... hosts) {
        return matrix(List.of(hosts), way -> false, way -> false);
    }

    /** Where some ways are shut. */
    static HostMatrix shut(List<String> hosts, Predicate<Way> shut) {
        return matrix(hosts, shut, way -> false);
    }

    /**
     * The third does not reach the second, which reaches it, nor the first's server; the first's
     * agent is silent; the third's server is stopped.
     */
    static HostMatrix troubled(String first, String second, String third) {
        HostMatrix all =
                matrix(
                        List.of(first, second, third),
                        way ->
                                from(way, third)
                                        && (to(way, second)
                                                || (to(way, first) && way.server().isPresent())),
                        way -> to(way, third) && way.server().isPresent());
        Problem silence =
                Problem.of(
                        "the agent of host " + first + " did not answer within 4 s",
                        "see whether the host and its agent run");
        List<HostMatrix.Host> hosts = new ArrayList<>(all.hosts());
        hosts.set(0, new HostMatrix.Host(new HostName(first), Optional.of(silence)));
        return new HostMatrix(
                hosts,
                all.ways().stream()
                        .map(
                                way ->
                                        from(way, first)
                                                ? with(way, Way.State.UNKNOWN, silence.what())
                                                : way)
                        .toList());
    }

    private static HostMatrix matrix(
            List<String> hosts, Predicate<Way> shut, Predicate<Way> stopped) {
        List<Way> ways = new ArrayList<>();
        for (String from : hosts) {
            for (String to : hosts) {
                if (!from.equals(to)) {
                    ways.add(way(from, to, Optional.empty(), 7422));
                }
                Way.Server server =
                        new Way.Server(
                                NodeKind.DATANODE, new NodeName("data_m_" + hosts.indexOf(to)));
                ways.add(way(from, to, Optional.of(server), 5432));
            }
        }
        return new HostMatrix(
                hosts.stream()
                        .map(host -> new HostMatrix.Host(new HostName(host), Optional.empty()))
                        .toList(),
                ways.stream()
                        .map(
                                way ->
                                        stopped.test(way)
                                                ? with(
                                                        way,
                                                        Way.State.STOPPED,
                                                        "it is stopped, or was never started")
                                                : shut.test(way)
                                                        ? with(
                                                                way,
                                                                Way.State.SHUT,
                                                                "no answer within 1 s")
                                                        : way)
                        .toList());
    }

    static boolean from(Way way, String host) {
        return way.from().value().equals(host);
    }

    static boolean to(Way way, String host) {
        return way.to().value().equals(host);
    }

    private static Way way(String from, String to, Optional<Way.Server> server, int port) {
        return new Way(
                new HostName(from),
                new HostName(to),
                server,
                HostPort.parse(to + ":" + port),
                Way.State.OPEN,
                Optional.of(Duration.ofNanos(412_345)),
                Optional.empty());
    }

    private static Way with(Way way, Way.State state, String why) {
        return new Way(
                way.from(),
                way.to(),
                way.server(),
                way.address(),
                state,
                state == Way.State.UNKNOWN ? Optional.empty() : way.took(),
                Optional.of(why));
    }
}
