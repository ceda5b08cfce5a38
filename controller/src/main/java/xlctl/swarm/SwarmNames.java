package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.Set;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;

/**
 * How the Docker objects of a cluster are called. The scripts in {@code swarm/} use the same names,
 * and a stack file deployed under the cluster's name has them, too.
 */
public record SwarmNames(ClusterName cluster) {
    /** The label of everything that belongs to a cluster; its value is the cluster's name. */
    public static final String CLUSTER_LABEL = "xlctl.cluster";

    public static final String PART_LABEL = "xlctl.part";
    public static final String HOST_LABEL = "xlctl.host";

    public static final HostName ZOOKEEPER = new HostName("zookeeper");
    public static final HostName CONTROL = new HostName("control");

    /** No names for hosts of members. */
    public static final Set<HostName> RESERVED = Set.of(ZOOKEEPER, CONTROL);

    public SwarmNames {
        requireNonNull(cluster, "cluster is null");
    }

    /** Of members, ZooKeeper and control; no client is on it. */
    public String clusterNetwork() {
        return named("cluster");
    }

    /** On which clients reach coordinators. */
    public String clientNetwork() {
        return named("clients");
    }

    public String service(HostName host) {
        return named(host.value());
    }

    public String volume(HostName host) {
        return named(host.value());
    }

    /**
     * What a host's container calls itself, and what it is called on the clients' network. The bare
     * host is a name on the cluster's network alone: a member that is on both would else reach
     * others by the clients' one.
     */
    public HostName clientName(HostName host) {
        return new HostName(host + "." + cluster);
    }

    /** All coordinators, on the clients' network. */
    String coordinators() {
        return cluster.value();
    }

    /** What all names of this cluster's objects begin with, and those of no other cluster. */
    String prefix() {
        return named("");
    }

    /** The secret or config whose file is called so in the containers. */
    public String secret(String file) {
        return named(file);
    }

    /** The labels of an object that is no host's. */
    Map<String, String> labels(Part part) {
        return Map.of(CLUSTER_LABEL, cluster.value(), PART_LABEL, part.label());
    }

    /** Whether something is this cluster's: by its label, never by its name. */
    boolean own(Map<String, String> labels) {
        return cluster.value().equals(labels.get(CLUSTER_LABEL));
    }

    private String named(String what) {
        return cluster + "_" + what;
    }
}
