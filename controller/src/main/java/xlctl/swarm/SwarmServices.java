package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/** The services of members, made by Docker. */
public final class SwarmServices implements MemberServices {
    private final Docker docker;
    private final SwarmNames names;
    private final String image;
    private final Patience patience;

    /**
     * @param image of the services to be made
     */
    public SwarmServices(Docker docker, ClusterName cluster, String image) {
        this(docker, cluster, image, Patience.USUAL);
    }

    SwarmServices(Docker docker, ClusterName cluster, String image, Patience patience) {
        this.docker = requireNonNull(docker, "docker is null");
        this.names = new SwarmNames(cluster);
        this.image = requireNonNull(image, "image is null");
        this.patience = requireNonNull(patience, "patience is null");
    }

    @Override
    public SwarmView look() {
        try {
            Docker.Engine engine = docker.engine();
            if (engine.swarm().isPresent()) {
                return SwarmView.unusable(engine.swarm().get());
            }
            return view();
        } catch (DockerException e) {
            return new SwarmView(e.problems(), List.of(), Map.of(), List.of(), List.of());
        }
    }

    private SwarmView view() {
        List<Docker.Labelled> services = docker.services(names.prefix());
        List<SwarmNode> nodes = docker.nodes();
        return new SwarmView(
                missing(),
                nodes,
                members(services, nodes),
                services.stream()
                        .filter(service -> !names.own(service.labels()))
                        .map(Docker.Labelled::name)
                        .toList(),
                docker.volumes(names.prefix()).stream().map(Docker.Labelled::name).toList());
    }

    private List<Problem> missing() {
        List<Problem> missing = new ArrayList<>();
        Set<String> networks =
                ours(docker.networks().stream().map(Docker.Network::called).toList());
        for (String network : List.of(names.clusterNetwork(), names.clientNetwork())) {
            if (!networks.contains(network)) {
                missing.add(absent("network", network));
            }
        }
        Set<String> secrets = ours(docker.secrets(names.prefix()));
        String identity = names.secret(SwarmFiles.AGENT_IDENTITY);
        if (!secrets.contains(identity)) {
            missing.add(absent("secret", identity));
        }
        String keys = names.secret(SwarmFiles.AUTHORIZED_KEYS);
        if (!ours(docker.configs(names.prefix())).contains(keys)) {
            missing.add(absent("config", keys));
        }
        if (!docker.hasImage(image)) {
            missing.add(
                    Problem.of(
                            "this Docker engine has no image " + image,
                            "make it with swarm/build-image, or docker pull it; swarm.image in the"
                                    + " settings names another"));
        }
        return missing;
    }

    private Set<String> ours(List<Docker.Labelled> found) {
        return found.stream()
                .filter(one -> names.own(one.labels()))
                .map(Docker.Labelled::name)
                .collect(Collectors.toCollection(HashSet::new));
    }

    private Problem absent(String type, String name) {
        return Problem.of(
                "there is no " + type + " " + name + " of this cluster in Docker",
                "xlctl --cluster " + names.cluster() + " swarm init makes it");
    }

    private Map<HostName, SwarmView.Member> members(
            List<Docker.Labelled> services, List<SwarmNode> nodes) {
        List<String> ours =
                services.stream()
                        .filter(service -> names.own(service.labels()))
                        .map(Docker.Labelled::name)
                        .toList();
        Map<String, String> hostnames =
                nodes.stream().collect(Collectors.toMap(SwarmNode::id, SwarmNode::hostname));
        List<Docker.Task> tasks = docker.tasks(ours);
        Map<HostName, SwarmView.Member> members = new HashMap<>();
        for (ServiceSpec spec : docker.specs(ours)) {
            if (spec.part() == Part.MEMBER) {
                Optional<String> node = node(spec, tasks).map(id -> hostnames.getOrDefault(id, id));
                members.put(
                        spec.host(),
                        new SwarmView.Member(
                                spec.host(),
                                node,
                                spec.published().map(ServiceSpec.PublishedPort::outside)));
            }
        }
        return members;
    }

    /** Where it is wanted to run, or else was. */
    private static Optional<String> node(ServiceSpec spec, List<Docker.Task> tasks) {
        List<Docker.Task> own =
                tasks.stream().filter(task -> task.service().equals(spec.name())).toList();
        return Stream.concat(own.stream().filter(Docker.Task::wanted), own.stream())
                .map(Docker.Task::nodeId)
                .flatMap(Optional::stream)
                .findFirst();
    }

    @Override
    public void create(ServiceSpec spec) {
        Optional<Docker.Labelled> there = service(spec.name());
        if (there.isPresent()) {
            requireOurs(there.get());
            return;
        }
        docker.createService(spec);
    }

    @Override
    public Optional<String> trouble(HostName host) {
        String name = names.service(host);
        if (service(name).isEmpty()) {
            return Optional.of("there is no service " + name);
        }
        return ServiceTrouble.of(docker.tasks(List.of(name)));
    }

    @Override
    public void remove(HostName host) {
        String name = names.service(host);
        String volume = names.volume(host);
        Removal removal = new Removal(docker, names, patience);
        Set<String> elsewhere = new HashSet<>();
        Optional<Docker.Labelled> there = service(name);
        if (there.isPresent()) {
            requireOurs(there.get());
            elsewhere.addAll(removal.services(List.of(name)));
            elsewhere.remove(docker.engine().nodeId());
        }
        removal.volume(volume);
        if (!elsewhere.isEmpty()) {
            Map<String, String> hostnames =
                    docker.nodes().stream()
                            .collect(Collectors.toMap(SwarmNode::id, SwarmNode::hostname));
            throw DockerException.failed(
                    "the service "
                            + name
                            + " is gone, but its volume is on another machine of the Swarm: "
                            + elsewhere.stream()
                                    .map(id -> hostnames.getOrDefault(id, id))
                                    .collect(Collectors.joining(", ")),
                    "there: docker volume rm " + volume);
        }
    }

    private Optional<Docker.Labelled> service(String name) {
        return docker.services(names.prefix()).stream()
                .filter(service -> service.name().equals(name))
                .findFirst();
    }

    private void requireOurs(Docker.Labelled service) {
        if (!names.own(service.labels())) {
            throw DockerException.refused(
                    "there is a service "
                            + service.name()
                            + " in this Swarm that xlctl did not make for this cluster",
                    "remove it, or name the host otherwise");
        }
    }
}
