package xlctl.topology;

import java.util.List;

/**
 * From where the servers of a cluster may be reached.
 *
 * @param cluster networks that may use the internal roles; empty means each host's own address
 * @param clients networks that may reach coordinators; empty means none
 */
public record Networks(List<Cidr> cluster, List<Cidr> clients) {
    public static final Networks HOSTS_ONLY = new Networks(List.of(), List.of());

    public Networks {
        cluster = List.copyOf(cluster);
        clients = List.copyOf(clients);
    }
}
