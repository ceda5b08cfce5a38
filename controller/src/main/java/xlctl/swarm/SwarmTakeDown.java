package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/** Removes everything of a cluster from Docker, its data included, and nothing else. */
public final class SwarmTakeDown {
    private final Docker docker;
    private final SwarmNames names;
    private final Patience usual;

    public SwarmTakeDown(Docker docker, ClusterName cluster) {
        this(docker, cluster, Patience.USUAL);
    }

    SwarmTakeDown(Docker docker, ClusterName cluster, Patience patience) {
        this.docker = requireNonNull(docker, "docker is null");
        this.names = new SwarmNames(cluster);
        this.usual = requireNonNull(patience, "patience is null");
    }

    /**
     * What would be removed, each thing with its type and name, in that order.
     *
     * @throws DockerException when strangers use a network of the cluster, or Docker cannot be
     *     asked
     */
    public List<String> find() {
        docker.engine()
                .swarm()
                .ifPresent(
                        why -> {
                            throw new DockerException(DockerException.Kind.REFUSED, why);
                        });
        Belongings there = Belongings.of(docker, names);
        requireNoStrangers(there);
        List<String> things = new ArrayList<>();
        there.services().forEach(name -> things.add("service " + name));
        there.networks().forEach(network -> things.add("network " + network.name()));
        there.secrets().forEach(name -> things.add("secret " + name));
        there.configs().forEach(name -> things.add("config " + name));
        there.volumes().forEach(name -> things.add("volume " + name));
        return List.copyOf(things);
    }

    /**
     * Removes what is there now.
     *
     * @param progress is told what is being done
     * @param cancelled whether to stop waiting; this can then be done again
     * @return what is left, or may be, because it is on other machines
     * @throws DockerException when strangers use a network of the cluster: then nothing is removed;
     *     when something does not go away
     */
    public List<Problem> remove(Consumer<String> progress, BooleanSupplier cancelled) {
        Belongings there = Belongings.of(docker, names);
        requireNoStrangers(there);
        Removal removal = new Removal(docker, names, usual.until(cancelled));
        progress.accept("removing " + there.services().size() + " services, and their containers");
        Set<String> machines = removal.services(there.services());
        progress.accept("removing networks, keys and volumes");
        removal.networks(there.networks().stream().map(Docker.Network::name).toList());
        there.secrets().forEach(docker::removeSecret);
        there.configs().forEach(docker::removeConfig);
        docker.volumes(names.prefix()).forEach(volume -> removal.volume(volume.name()));
        if (there.services().isEmpty()) {
            return unseen();
        }
        machines.remove(docker.engine().nodeId());
        Map<String, String> hostnames =
                docker.nodes().stream()
                        .collect(Collectors.toMap(SwarmNode::id, SwarmNode::hostname));
        return elsewhere(
                "are left", machines.stream().map(id -> hostnames.getOrDefault(id, id)).toList());
    }

    /**
     * What may be left on other machines, once there is no service any more that tells on which.
     */
    public List<Problem> unseen() {
        String here = docker.engine().nodeId();
        return elsewhere(
                "may be left",
                docker.nodes().stream()
                        .filter(node -> !node.id().equals(here))
                        .map(SwarmNode::hostname)
                        .toList());
    }

    private List<Problem> elsewhere(String left, List<String> machines) {
        if (machines.isEmpty()) {
            return List.of();
        }
        return List.of(
                Problem.of(
                        "volumes of the cluster "
                                + left
                                + " on other machines of the Swarm: "
                                + String.join(", ", machines),
                        "on each: docker volume ls -q --filter label="
                                + SwarmNames.CLUSTER_LABEL
                                + "="
                                + names.cluster()
                                + " | xargs --no-run-if-empty docker volume rm"));
    }

    private void requireNoStrangers(Belongings there) {
        List<Problem> problems = new ArrayList<>();
        for (Docker.Network network : there.networks()) {
            List<String> strangers =
                    docker.usersOf(network).stream()
                            .filter(
                                    user ->
                                            there.services().stream()
                                                    .noneMatch(
                                                            service ->
                                                                    user.equals(service)
                                                                            || user.startsWith(
                                                                                    service + ".")))
                            .toList();
            if (!strangers.isEmpty()) {
                problems.add(
                        Problem.of(
                                "the network "
                                        + network.name()
                                        + " is used by "
                                        + String.join(", ", strangers)
                                        + ", which xlctl did not make",
                                "end or disconnect them (docker network disconnect), then do this"
                                        + " again"));
            }
        }
        if (!problems.isEmpty()) {
            throw new DockerException(DockerException.Kind.REFUSED, problems);
        }
    }
}
