package xlctl.swarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;

/**
 * The two services that every cluster has beside its members: ZooKeeper, and control, where the
 * shell runs. Pure.
 *
 * @param manager the hostname of the Swarm node that both are pinned to: control uses the engine's
 *     socket there, and volumes do not move
 */
record ClusterSpecs(
        ClusterName cluster,
        EngineKind engine,
        Cidr clusterNetwork,
        List<Cidr> clientNetworks,
        SwarmSettings settings,
        String manager,
        EngineSocket socket) {
    static final String ZOOKEEPER_ADDRESS = SwarmNames.ZOOKEEPER + ":2181";

    ServiceSpec zooKeeper() {
        return new ServiceSpec(
                cluster,
                Part.ZOOKEEPER,
                SwarmNames.ZOOKEEPER,
                settings.image(),
                List.of("zookeeper"),
                List.of(),
                List.of(new SwarmNames(cluster).clusterNetwork()),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(pin()),
                Optional.empty(),
                settings.limits(),
                settings.stopGrace());
    }

    ServiceSpec control() {
        return new ServiceSpec(
                cluster,
                Part.CONTROL,
                SwarmNames.CONTROL,
                settings.image(),
                List.of("control"),
                shellSettings(),
                List.of(new SwarmNames(cluster).clusterNetwork()),
                List.of(SwarmFiles.SSH_KEY, SwarmFiles.ZOOKEEPER_IDENTITY),
                List.of(),
                List.of(socket.bind()),
                List.of(socket.group()),
                List.of(pin()),
                Optional.empty(),
                settings.limits(),
                settings.stopGrace());
    }

    /** The settings of the shell there, by their variables. */
    private List<ServiceSpec.Variable> shellSettings() {
        List<ServiceSpec.Variable> variables = new ArrayList<>();
        variables.add(variable("XLCTL_HOME", ServiceWords.VOLUME_TARGET));
        variables.add(variable("XLCTL_CLUSTER", cluster.value()));
        variables.add(variable("XLCTL_ZOOKEEPER", ZOOKEEPER_ADDRESS));
        variables.add(variable("XLCTL_ENGINE", engine.word()));
        variables.add(variable("XLCTL_NETWORKS_CLUSTER", clusterNetwork.value()));
        variables.add(variable("XLCTL_NETWORKS_CLIENTS", listed(clientNetworks)));
        variables.add(variable("XLCTL_SSH_KEY", "/run/secrets/" + SwarmFiles.SSH_KEY));
        variables.add(
                variable(
                        "XLCTL_ZOOKEEPER_IDENTITY",
                        "/run/secrets/" + SwarmFiles.ZOOKEEPER_IDENTITY));
        variables.add(variable("XLCTL_SWARM_SERVICES", "yes"));
        variables.add(variable("XLCTL_SWARM_IMAGE", settings.image()));
        settings.limits()
                .memory()
                .ifPresent(memory -> variables.add(variable("XLCTL_SWARM_MEMORY", memory)));
        settings.limits()
                .cpus()
                .ifPresent(cpus -> variables.add(variable("XLCTL_SWARM_CPUS", cpus)));
        variables.add(variable("XLCTL_SWARM_STOP_GRACE", ServiceWords.time(settings.stopGrace())));
        return List.copyOf(variables);
    }

    private String pin() {
        return "node.hostname==" + manager;
    }

    private static String listed(List<Cidr> networks) {
        return networks.stream().map(Cidr::value).collect(Collectors.joining(","));
    }

    private static ServiceSpec.Variable variable(String name, String value) {
        return new ServiceSpec.Variable(name, value);
    }
}
