package xlctl.swarm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.json.JsonTree;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Port;

/** A service as {@code docker service inspect} shows it. Pure. */
final class ServiceReading {
    private ServiceReading() {}

    /**
     * @param networks names by id
     * @return empty for a service without the labels and the name of a cluster's
     */
    static Optional<ServiceSpec> of(JsonTree service, Map<String, String> networks) {
        String name = service.text("Spec", "Name").orElse("");
        Map<String, String> labels = service.textsByName("Spec", "Labels");
        Optional<Part> part =
                Stream.of(Part.values())
                        .filter(one -> one.label().equals(labels.get(SwarmNames.PART_LABEL)))
                        .findFirst();
        try {
            ClusterName cluster =
                    new ClusterName(labels.getOrDefault(SwarmNames.CLUSTER_LABEL, ""));
            String prefix = new SwarmNames(cluster).prefix();
            if (part.isEmpty() || !name.startsWith(prefix)) {
                return Optional.empty();
            }
            HostName host = new HostName(name.substring(prefix.length()));
            return Optional.of(spec(service, cluster, part.get(), host, networks));
        } catch (InvalidValueException e) {
            return Optional.empty();
        }
    }

    private static ServiceSpec spec(
            JsonTree service,
            ClusterName cluster,
            Part part,
            HostName host,
            Map<String, String> networks) {
        String[] container = {"Spec", "TaskTemplate", "ContainerSpec"};
        String[] limits = {"Spec", "TaskTemplate", "Resources", "Limits"};
        String prefix = new SwarmNames(cluster).prefix();
        return new ServiceSpec(
                cluster,
                part,
                host,
                service.text(with(container, "Image")).orElse("").replaceFirst("@sha256:.*", ""),
                service.texts(with(container, "Args")),
                variables(service.texts(with(container, "Env"))),
                attached(service).stream().map(id -> networks.getOrDefault(id, id)).toList(),
                files(service.list(with(container, "Secrets")), "SecretName", prefix),
                files(service.list(with(container, "Configs")), "ConfigName", prefix),
                binds(service.list(with(container, "Mounts"))),
                groups(
                        service.texts(with(container, "Groups")),
                        service.text(with(container, "User"))),
                service.texts("Spec", "TaskTemplate", "Placement", "Constraints"),
                published(service.list("Spec", "EndpointSpec", "Ports")),
                new ServiceSpec.Limits(
                        service.number(with(limits, "MemoryBytes"))
                                .filter(bytes -> bytes > 0)
                                .map(Amounts::memory),
                        service.number(with(limits, "NanoCPUs"))
                                .filter(cpus -> cpus > 0)
                                .map(Amounts::cpus)),
                Duration.ofNanos(service.number(with(container, "StopGracePeriod")).orElse(0L)));
    }

    /** The ids of the networks it is on; old Swarms kept them in another place. */
    static List<String> attached(JsonTree service) {
        List<String> ids = new ArrayList<>();
        service.list("Spec", "TaskTemplate", "Networks")
                .forEach(network -> network.text("Target").ifPresent(ids::add));
        service.list("Spec", "Networks")
                .forEach(network -> network.text("Target").ifPresent(ids::add));
        return List.copyOf(ids);
    }

    private static List<ServiceSpec.Variable> variables(List<String> lines) {
        return lines.stream()
                .map(line -> line.split("=", 2))
                .map(pair -> new ServiceSpec.Variable(pair[0], pair.length > 1 ? pair[1] : ""))
                .toList();
    }

    private static List<String> files(List<JsonTree> references, String key, String prefix) {
        return references.stream()
                .flatMap(reference -> reference.text(key).stream())
                .map(name -> name.startsWith(prefix) ? name.substring(prefix.length()) : name)
                .toList();
    }

    private static List<ServiceSpec.Bind> binds(List<JsonTree> mounts) {
        return mounts.stream()
                .filter(mount -> mount.text("Type").equals(Optional.of("bind")))
                .map(
                        mount ->
                                new ServiceSpec.Bind(
                                        mount.text("Source").orElse(""),
                                        mount.text("Target").orElse("")))
                .toList();
    }

    /** A service of a stack file has its further group as the first one: see {@link StackFile}. */
    private static List<Integer> groups(List<String> further, Optional<String> user) {
        return Stream.concat(
                        further.stream(),
                        user
                                .filter(text -> text.matches("[0-9]+:[0-9]+"))
                                .map(text -> text.substring(text.indexOf(':') + 1))
                                .stream())
                .map(Integer::valueOf)
                .toList();
    }

    private static Optional<ServiceSpec.PublishedPort> published(List<JsonTree> ports) {
        return ports.stream()
                .filter(port -> port.number("PublishedPort").isPresent())
                .map(
                        port ->
                                new ServiceSpec.PublishedPort(
                                        port(port, "PublishedPort"), port(port, "TargetPort")))
                .findFirst();
    }

    private static Port port(JsonTree port, String key) {
        return new Port(port.number(key).orElse(0L).intValue());
    }

    private static String[] with(String[] path, String last) {
        return Stream.concat(Stream.of(path), Stream.of(last)).toArray(String[]::new);
    }
}
