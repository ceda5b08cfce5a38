package xlctl.store;

import static java.util.Objects.requireNonNull;

import xlctl.topology.Secret;

/**
 * The passwords generated for a cluster, one for each login that xlctl itself makes. See {@link
 * xlctl.topology.ServerRole} for what each may do.
 */
public record ClusterSecrets(Secret superuser, Secret internal, Secret monitor, Secret client) {
    public ClusterSecrets {
        requireNonNull(superuser, "superuser is null");
        requireNonNull(internal, "internal is null");
        requireNonNull(monitor, "monitor is null");
        requireNonNull(client, "client is null");
    }

    public static ClusterSecrets generate() {
        return new ClusterSecrets(
                Secret.generate(), Secret.generate(), Secret.generate(), Secret.generate());
    }
}
