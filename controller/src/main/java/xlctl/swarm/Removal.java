package xlctl.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/**
 * Takes away services, volumes and networks of a cluster so that they are really gone: Docker ends
 * tasks only after it has said that their service is removed.
 */
final class Removal {
    private final Docker docker;
    private final SwarmNames names;
    private final Patience patience;

    Removal(Docker docker, SwarmNames names, Patience patience) {
        this.docker = docker;
        this.names = names;
        this.patience = patience;
    }

    /**
     * Removes services at the same time and waits for the end of their containers.
     *
     * @return the ids of the Swarm nodes they ran on
     */
    Set<String> services(List<String> services) {
        List<Docker.Task> tasks = docker.tasks(services);
        Duration grace =
                docker.specs(services).stream()
                        .map(ServiceSpec::stopGrace)
                        .max(Duration::compareTo)
                        .orElse(Duration.ZERO);
        services.forEach(docker::removeService);
        List<String> ids = tasks.stream().map(Docker.Task::id).toList();
        patience.await(
                patience.end().plus(grace),
                () -> services.stream().allMatch(this::hasNoContainer) && ended(ids),
                () ->
                        Problem.of(
                                "containers of "
                                        + String.join(", ", services)
                                        + " are still there after their time to stop",
                                "look at them with docker ps, and do this again"));
        return tasks.stream()
                .flatMap(task -> task.nodeId().stream())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Also removes those that ended: Docker would keep them a while, and their volume with them.
     */
    private boolean hasNoContainer(String service) {
        List<Docker.Container> containers = docker.containers(service);
        containers.stream()
                .filter(container -> !container.running())
                .forEach(container -> docker.removeContainer(container.id()));
        return containers.isEmpty();
    }

    private boolean ended(List<String> tasks) {
        return docker.tasksById(tasks).stream().allMatch(Docker.Task::ended);
    }

    /** Removes a volume of this engine; a stranger's stays. */
    void volume(String name) {
        if (isOurs(docker.volumes(names.prefix()), name)) {
            onceFree(() -> docker.removeVolume(name));
        }
    }

    /**
     * Removes networks.
     *
     * @throws DockerException when a stranger is attached to one; the others are removed
     */
    void networks(Collection<String> wanted) {
        List<Problem> problems = new ArrayList<>();
        for (Docker.Network network : docker.networks()) {
            if (!wanted.contains(network.name()) || !names.own(network.called().labels())) {
                continue;
            }
            List<String> users = docker.usersOf(network);
            if (users.isEmpty()) {
                onceFree(() -> docker.removeNetwork(network.name()));
            } else {
                problems.add(
                        Problem.of(
                                "the network "
                                        + network.name()
                                        + " stays, because it is used by "
                                        + String.join(", ", users)
                                        + ", which xlctl did not make",
                                "end or disconnect them (docker network disconnect), then do this"
                                        + " again"));
            }
        }
        if (!problems.isEmpty()) {
            throw new DockerException(DockerException.Kind.REFUSED, problems);
        }
        patience.await(
                patience.end(),
                () -> docker.networks().stream().noneMatch(found -> wanted.contains(found.name())),
                () ->
                        Problem.of(
                                "the networks "
                                        + String.join(", ", wanted)
                                        + " are still listed after their removal",
                                "docker network ls; then do this again"));
    }

    /** What was in use a moment ago may be free in the next. */
    private void onceFree(Runnable removal) {
        AtomicReference<Problem> last = new AtomicReference<>();
        patience.await(
                Duration.ofSeconds(20),
                () -> {
                    try {
                        removal.run();
                        return true;
                    } catch (DockerException e) {
                        if (e.kind() != DockerException.Kind.REFUSED) {
                            throw e;
                        }
                        last.set(e.problem());
                        return false;
                    }
                },
                last::get);
    }

    private boolean isOurs(List<Docker.Labelled> found, String name) {
        return found.stream().anyMatch(one -> one.name().equals(name) && names.own(one.labels()));
    }
}
