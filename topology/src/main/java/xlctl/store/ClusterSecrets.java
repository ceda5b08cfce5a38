package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.topology.Secret;

/**
 * The passwords generated for a cluster, one for each login that xlctl itself makes. See {@link
 * xlctl.topology.ServerRole} for what each may do.
 *
 * @param authority of the certificates of its hosts; empty for a cluster without TLS
 */
public record ClusterSecrets(
        Secret superuser,
        Secret internal,
        Secret monitor,
        Secret client,
        Optional<AuthoritySecret> authority) {
    public ClusterSecrets {
        requireNonNull(superuser, "superuser is null");
        requireNonNull(internal, "internal is null");
        requireNonNull(monitor, "monitor is null");
        requireNonNull(client, "client is null");
        requireNonNull(authority, "authority is null");
    }

    public static ClusterSecrets generate() {
        return new ClusterSecrets(
                Secret.generate(),
                Secret.generate(),
                Secret.generate(),
                Secret.generate(),
                Optional.empty());
    }

    public ClusterSecrets with(AuthoritySecret made) {
        return new ClusterSecrets(superuser, internal, monitor, client, Optional.of(made));
    }
}
