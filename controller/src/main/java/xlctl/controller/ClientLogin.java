package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.topology.ClusterName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

/**
 * How clients connect.
 *
 * @param role as whom
 * @param authority the certificate in PEM of who signs those of the servers; empty for a cluster
 *     without TLS
 * @param coordinators where, each the way into the whole cluster
 */
public record ClientLogin(
        ClusterName cluster,
        String role,
        Secret password,
        Optional<String> authority,
        List<Coordinator> coordinators) {

    /** One of them. */
    public record Coordinator(NodeName name, HostPort address) {
        public Coordinator {
            requireNonNull(name, "name is null");
            requireNonNull(address, "address is null");
        }
    }

    public ClientLogin {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(role, "role is null");
        requireNonNull(password, "password is null");
        requireNonNull(authority, "authority is null");
        coordinators = List.copyOf(coordinators);
    }
}
