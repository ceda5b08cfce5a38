package xlctl.swarm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.topology.Cidr;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/**
 * What there is of one cluster in Docker.
 *
 * @param engine the version of the engine that was asked, and its machine
 * @param nodes the machines of the Swarm
 * @param files secrets and configs, each with its type
 * @param volumes those on this machine; Docker does not tell of others
 * @param warnings what is not as it should be
 */
public record SwarmReport(
        ClusterName cluster,
        String engine,
        List<SwarmNode> nodes,
        List<Service> services,
        List<Network> networks,
        List<String> files,
        List<String> volumes,
        List<Problem> warnings) {

    /**
     * @param node the hostname of the machine that its task is on
     * @param state of its task in Docker's words; a word of ours where it has no task
     * @param since since when it is in that state
     * @param trouble why it does not run
     */
    public record Service(
            String name,
            Part part,
            String image,
            Optional<String> node,
            String state,
            Optional<Instant> since,
            Optional<String> trouble) {
        public boolean running() {
            return state.equals("running");
        }
    }

    /** A network of the cluster. */
    public record Network(String name, List<Cidr> subnets, boolean encrypted, boolean external) {}

    public SwarmReport {
        nodes = List.copyOf(nodes);
        services = List.copyOf(services);
        networks = List.copyOf(networks);
        files = List.copyOf(files);
        volumes = List.copyOf(volumes);
        warnings = List.copyOf(warnings);
    }

    /**
     * Looks at Docker.
     *
     * @throws DockerException when it cannot be asked, or is no manager of a Swarm
     */
    public static SwarmReport of(Docker docker, ClusterName cluster) {
        Docker.Engine engine = docker.engine();
        engine.swarm()
                .ifPresent(
                        why -> {
                            throw new DockerException(DockerException.Kind.REFUSED, why);
                        });
        SwarmNames names = new SwarmNames(cluster);
        Belongings there = Belongings.of(docker, names);
        List<SwarmNode> nodes = docker.nodes();
        List<Service> services = services(docker, there, nodes);
        List<Network> networks =
                there.networks().stream()
                        .map(
                                network ->
                                        new Network(
                                                network.name(),
                                                network.subnets(),
                                                network.encrypted(),
                                                network.name().equals(names.clientNetwork())))
                        .toList();
        List<String> files = new ArrayList<>();
        there.secrets().forEach(name -> files.add("secret " + name));
        there.configs().forEach(name -> files.add("config " + name));
        return new SwarmReport(
                cluster,
                engine.version() + " on " + engine.hostname(),
                nodes,
                services,
                networks,
                files,
                there.volumes(),
                warnings(names, there, nodes));
    }

    private static List<Service> services(Docker docker, Belongings there, List<SwarmNode> nodes) {
        Map<String, String> hostnames =
                nodes.stream().collect(Collectors.toMap(SwarmNode::id, SwarmNode::hostname));
        List<Docker.Task> tasks = docker.tasks(there.services());
        return docker.specs(there.services()).stream()
                .sorted(
                        Comparator.comparing((ServiceSpec spec) -> spec.part())
                                .thenComparing(ServiceSpec::name))
                .map(spec -> service(spec, tasks, hostnames))
                .toList();
    }

    private static Service service(
            ServiceSpec spec, List<Docker.Task> tasks, Map<String, String> hostnames) {
        List<Docker.Task> own =
                tasks.stream().filter(task -> task.service().equals(spec.name())).toList();
        Optional<Docker.Task> shown =
                own.stream()
                        .filter(Docker.Task::wanted)
                        .findFirst()
                        .or(() -> own.stream().findFirst());
        return new Service(
                spec.name(),
                spec.part(),
                spec.image(),
                shown.flatMap(Docker.Task::nodeId).map(id -> hostnames.getOrDefault(id, id)),
                shown.map(Docker.Task::state).orElse("none"),
                shown.map(Docker.Task::since),
                ServiceTrouble.of(own));
    }

    private static List<Problem> warnings(
            SwarmNames names, Belongings there, List<SwarmNode> nodes) {
        List<Problem> warnings = new ArrayList<>();
        there.network(names.clusterNetwork())
                .filter(network -> !network.encrypted())
                .ifPresent(
                        network ->
                                warnings.add(
                                        Problem.of(
                                                "the network "
                                                        + network.name()
                                                        + " is not encrypted",
                                                "swarm init makes it so, after swarm down, where"
                                                        + " the kernels can encrypt")));
        there.network(names.clusterNetwork())
                .filter(network -> network.encrypted() && nodes.size() > 1)
                .ifPresent(
                        network ->
                                warnings.add(
                                        Problem.of(
                                                "the Swarm has several machines: one whose kernel"
                                                        + " cannot encrypt gets no data through "
                                                        + network.name()
                                                        + ", and Docker does not say so",
                                                "swarm init tries the kernel of the machine it runs"
                                                        + " on")));
        nodes.stream()
                .filter(node -> !node.ready())
                .forEach(
                        node ->
                                warnings.add(
                                        Problem.of(
                                                "the machine "
                                                        + node.hostname()
                                                        + " of the Swarm is "
                                                        + node.state(),
                                                "docker node ls shows it")));
        there.strangers()
                .forEach(
                        stranger ->
                                warnings.add(
                                        Problem.of(
                                                "there is a "
                                                        + stranger
                                                        + " that xlctl did not make for this"
                                                        + " cluster",
                                                "")));
        return warnings;
    }
}
