package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import xlctl.plan.FoundingSetting;
import xlctl.swarm.SwarmSettings;
import xlctl.topology.ClusterName;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;

/**
 * What the controller must know to reach a cluster.
 *
 * @param zooKeeper the connect string
 * @param identityFile the controller's ZooKeeper identity, mode 0600
 * @param sshKey the private key agents accept, mode 0600
 * @param engine of a cluster that has no topology yet
 * @param networks of a cluster that has no topology yet
 * @param origins where those of the two above were set that somebody has set
 * @param swarm of the Docker services that hosts are made as
 * @param observationDeadline how long to wait for silent hosts when looking at the cluster
 * @param stepTimeout how long one step may take
 * @param lockWait how long to wait while another shell changes the cluster; zero: not at all
 */
public record ControllerSettings(
        ClusterName cluster,
        String zooKeeper,
        Path identityFile,
        Path sshKey,
        EngineKind engine,
        Networks networks,
        Map<FoundingSetting, String> origins,
        SwarmSettings swarm,
        Duration observationDeadline,
        Duration stepTimeout,
        Duration lockWait) {
    public ControllerSettings {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(zooKeeper, "zooKeeper is null");
        requireNonNull(identityFile, "identityFile is null");
        requireNonNull(sshKey, "sshKey is null");
        requireNonNull(engine, "engine is null");
        requireNonNull(networks, "networks is null");
        origins = Map.copyOf(origins);
        requireNonNull(swarm, "swarm is null");
        requireNonNull(observationDeadline, "observationDeadline is null");
        requireNonNull(stepTimeout, "stepTimeout is null");
        requireNonNull(lockWait, "lockWait is null");
    }
}
