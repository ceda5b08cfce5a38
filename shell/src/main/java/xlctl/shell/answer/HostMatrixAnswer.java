package xlctl.shell.answer;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import xlctl.monitor.HostMatrix;
import xlctl.topology.Problem;

/**
 * {@code host matrix}.
 *
 * @param open whether every agent answered, and reaches all that was not stopped on purpose
 * @param hosts by name
 * @param ways by the host where they begin, then by the one where they end
 */
public record HostMatrixAnswer(boolean open, List<Host> hosts, List<Way> ways) implements Answer {
    /**
     * A host.
     *
     * @param problem why its agent did not say what it reaches
     */
    public record Host(String host, Optional<Problem> problem) {}

    /**
     * From a host to what listens on a host, which may be the same.
     *
     * @param what {@code agent}, or the node's name
     * @param kind {@code agent}, or the node's kind
     * @param reached empty when that is not known
     * @param stopped whether it is not reached because it was stopped on purpose
     * @param oneWay whether nothing is reached there, and the other way something is
     * @param micros until it had greeted, or was given up
     * @param why it is not reached
     */
    public record Way(
            String from,
            String to,
            String what,
            String kind,
            String address,
            Optional<Boolean> reached,
            boolean stopped,
            boolean oneWay,
            Optional<Long> micros,
            Optional<String> why) {
        private static final String AGENT = "agent";

        static Way of(xlctl.monitor.Way way, boolean oneWay) {
            xlctl.monitor.Way.State state = way.state();
            return new Way(
                    way.from().value(),
                    way.to().value(),
                    way.server().map(server -> server.node().value()).orElse(AGENT),
                    way.server().map(server -> server.kind().word()).orElse(AGENT),
                    way.address().toString(),
                    state == xlctl.monitor.Way.State.UNKNOWN
                            ? Optional.empty()
                            : Optional.of(state == xlctl.monitor.Way.State.OPEN),
                    state == xlctl.monitor.Way.State.STOPPED,
                    oneWay,
                    way.took().map(Duration::toNanos).map(TimeUnit.NANOSECONDS::toMicros),
                    way.why());
        }
    }

    public HostMatrixAnswer {
        hosts = List.copyOf(hosts);
        ways = List.copyOf(ways);
    }

    public static HostMatrixAnswer of(HostMatrix matrix) {
        Set<HostMatrix.Pair> oneWay = matrix.oneWay();
        return new HostMatrixAnswer(
                matrix.open(),
                matrix.hosts().stream()
                        .map(host -> new Host(host.name().value(), host.silent()))
                        .toList(),
                matrix.ways().stream()
                        .map(
                                way ->
                                        Way.of(
                                                way,
                                                oneWay.contains(
                                                        new HostMatrix.Pair(way.from(), way.to()))))
                        .toList());
    }

    @Override
    public String kind() {
        return "host-matrix";
    }

    @Override
    public Rows rows() {
        return new Rows(Way.class, ways);
    }
}
