package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.List;
import xlctl.topology.ClusterName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeName;
import xlctl.topology.Secret;

/**
 * How clients connect.
 *
 * @param role as whom
 * @param coordinators where, each the way into the whole cluster
 */
public record ClientLogin(
        ClusterName cluster, String role, Secret password, List<Coordinator> coordinators) {

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
        coordinators = List.copyOf(coordinators);
    }
}
