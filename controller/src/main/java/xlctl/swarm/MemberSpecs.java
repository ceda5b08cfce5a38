package xlctl.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;

/**
 * The services of members. Pure.
 *
 * @param zooKeeper the connect string, as containers of the cluster's network understand it
 * @param network the subnet of the cluster's network: in it the agent listens
 */
public record MemberSpecs(
        ClusterName cluster,
        EngineKind engine,
        String zooKeeper,
        Cidr network,
        SwarmSettings settings) {

    /**
     * @param clients whether clients reach it, as they do a coordinator
     */
    public ServiceSpec of(
            HostName host,
            boolean clients,
            List<String> constraints,
            Optional<ServiceSpec.PublishedPort> published) {
        SwarmNames names = new SwarmNames(cluster);
        List<String> networks = new ArrayList<>(List.of(names.clusterNetwork()));
        List<ServiceSpec.Variable> variables = new ArrayList<>();
        variables.add(new ServiceSpec.Variable("XLCTL_PLACE", "{{.Node.Hostname}}"));
        if (clients) {
            networks.add(names.clientNetwork());
            variables.add(
                    new ServiceSpec.Variable("XLCTL_CERTIFICATE_NAMES", names.coordinators()));
        }
        return new ServiceSpec(
                cluster,
                Part.MEMBER,
                host,
                settings.image(),
                List.of(
                        "member",
                        "--cluster",
                        cluster.toString(),
                        "--host",
                        host.value(),
                        "--zookeeper",
                        zooKeeper,
                        "--network",
                        network.value(),
                        "--engine",
                        engine.toString()),
                variables,
                networks,
                List.of("agent-identity"),
                List.of("authorized-keys"),
                List.of(),
                List.of(),
                constraints,
                published,
                settings.limits(),
                settings.stopGrace());
    }
}
