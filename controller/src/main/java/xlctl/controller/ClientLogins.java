package xlctl.controller;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.HostRecord;
import xlctl.store.Versioned;
import xlctl.swarm.SwarmNames;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;
import xlctl.topology.ServerRole;
import xlctl.topology.Topology;

/** Finds how clients connect. */
final class ClientLogins {
    private ClientLogins() {}

    static ClientLogin to(ClusterStore store, Optional<String> authority) {
        Optional<Topology> topology = store.topology().map(Versioned::value);
        Map<HostName, Versioned<HostRecord>> hosts = store.hosts();
        List<ClientLogin.Coordinator> coordinators =
                topology.stream()
                        .flatMap(found -> found.nodes(NodeKind.COORDINATOR).stream())
                        .map(node -> coordinator(node, store.cluster(), hosts))
                        .toList();
        Optional<ClusterSecrets> secrets = store.secrets().map(Versioned::value);
        if (coordinators.isEmpty() || secrets.isEmpty()) {
            throw new RefusedException(
                    Problem.of(
                            "the cluster has no coordinator to connect to",
                            "add coordinator master makes one"));
        }
        return new ClientLogin(
                topology.get().cluster(),
                ServerRole.CLIENT.roleName(),
                secrets.get().client(),
                authority,
                coordinators);
    }

    /** A service has another name for clients than for members. */
    private static ClientLogin.Coordinator coordinator(
            Node node, ClusterName cluster, Map<HostName, Versioned<HostRecord>> hosts) {
        Instance instance = node.instances().get(0);
        boolean service =
                Optional.ofNullable(hosts.get(instance.host()))
                        .flatMap(record -> record.value().service())
                        .isPresent();
        return new ClientLogin.Coordinator(
                node.name(),
                service
                        ? new HostPort(
                                new SwarmNames(cluster).clientName(instance.host()),
                                instance.port())
                        : instance.address());
    }
}
