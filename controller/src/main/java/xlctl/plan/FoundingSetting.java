package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;
import xlctl.topology.TlsVersion;
import xlctl.topology.Topology;

/** A setting that is taken when a cluster is made, and lies in its topology from then on. */
public enum FoundingSetting {
    ENGINE("engine") {
        @Override
        String in(Topology topology) {
            return topology.engine().toString();
        }
    },
    CLUSTER_NETWORKS("networks.cluster") {
        @Override
        String in(Topology topology) {
            return listed(topology.networks().cluster(), "each host's own address");
        }
    },
    CLIENT_NETWORKS("networks.clients") {
        @Override
        String in(Topology topology) {
            return listed(topology.networks().clients(), "none");
        }
    },
    TLS("networks.tls") {
        @Override
        String in(Topology topology) {
            return topology.networks().tls().map(TlsVersion::number).orElse("no");
        }
    };

    private final String key;

    FoundingSetting(String key) {
        this.key = key;
    }

    /** What holds in a cluster, in words that are alike when the values are. */
    abstract String in(Topology topology);

    /**
     * What somebody has set that a cluster was not made with.
     *
     * @param wanted a cluster as it would be made now
     * @param origins where the settings were set that somebody has set
     */
    public static List<Problem> contradictions(
            Topology wanted, Map<FoundingSetting, String> origins, Topology present) {
        List<Problem> problems = new ArrayList<>();
        for (FoundingSetting setting : values()) {
            Optional.ofNullable(origins.get(setting))
                    .flatMap(origin -> setting.contradiction(wanted, origin, present))
                    .ifPresent(problems::add);
        }
        return problems;
    }

    private Optional<Problem> contradiction(Topology wanted, String origin, Topology present) {
        String set = in(wanted);
        String holds = in(present);
        return set.equals(holds)
                ? Optional.empty()
                : Optional.of(
                        Problem.of(
                                origin
                                        + ": "
                                        + key
                                        + " is "
                                        + set
                                        + ", but the cluster "
                                        + present.cluster()
                                        + " was made with "
                                        + holds,
                                "that is decided when a cluster is made, and cannot be changed"
                                        + " afterwards: set "
                                        + key
                                        + " back, or leave it out"));
    }

    private static String listed(List<Cidr> networks, String none) {
        return networks.isEmpty()
                ? none
                : networks.stream()
                        .sorted()
                        .distinct()
                        .map(Cidr::value)
                        .collect(Collectors.joining(", "));
    }
}
