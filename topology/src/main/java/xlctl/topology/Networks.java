package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;

/**
 * From where the servers of a cluster may be reached, and how. Is decided when the cluster is made.
 *
 * @param cluster networks that may use the internal roles; empty means each host's own address
 * @param clients networks that may reach coordinators; empty means none
 * @param tls the oldest version of TLS that servers take, from each other and from clients; empty
 *     means that nothing is encrypted
 */
public record Networks(List<Cidr> cluster, List<Cidr> clients, Optional<TlsVersion> tls) {
    public static final Networks HOSTS_ONLY = plain(List.of(), List.of());

    public Networks {
        cluster = List.copyOf(cluster);
        clients = List.copyOf(clients);
        requireNonNull(tls, "tls is null");
    }

    /** Without TLS. */
    public static Networks plain(List<Cidr> cluster, List<Cidr> clients) {
        return new Networks(cluster, clients, Optional.empty());
    }

    public boolean encrypted() {
        return tls.isPresent();
    }

    /** The same networks, with TLS of this version or newer. */
    public Networks with(TlsVersion oldest) {
        return new Networks(cluster, clients, Optional.of(oldest));
    }
}
