package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.Port;

/**
 * One service of one task, as Docker is to make it: named {@link SwarmNames#service}, found by its
 * host on the cluster's network, answered for by DNS round robin, with a volume of its own at
 * {@code /var/lib/xlctl}. Holds no secret.
 *
 * @param arguments what the image's entry is given
 * @param environment without secrets: anybody who can see the service sees it
 * @param networks by name; the first is the cluster's
 * @param secrets files below /run/secrets
 * @param configs files below /run/configs
 * @param binds what containers see of the Swarm node's files
 * @param groups further groups of the process, by number
 * @param constraints as Docker writes them, {@code node.hostname==db-1}
 * @param published where the Swarm node itself takes clients' connections, in host mode
 */
public record ServiceSpec(
        ClusterName cluster,
        Part part,
        HostName host,
        String image,
        List<String> arguments,
        List<Variable> environment,
        List<String> networks,
        List<String> secrets,
        List<String> configs,
        List<Bind> binds,
        List<Integer> groups,
        List<String> constraints,
        Optional<PublishedPort> published,
        Limits limits,
        Duration stopGrace) {

    /** A variable of the environment. */
    public record Variable(String name, String value) {
        public Variable {
            requireNonNull(name, "name is null");
            requireNonNull(value, "value is null");
        }
    }

    /**
     * @param source a directory or socket of the Swarm node
     * @param target where containers see it
     */
    public record Bind(String source, String target) {
        public Bind {
            requireNonNull(source, "source is null");
            requireNonNull(target, "target is null");
        }
    }

    /**
     * @param outside the Swarm node's port
     * @param inside the server's
     */
    public record PublishedPort(Port outside, Port inside) {
        public PublishedPort {
            requireNonNull(outside, "outside is null");
            requireNonNull(inside, "inside is null");
        }
    }

    /**
     * @param memory as Docker writes it, {@code 2g}; empty for no limit
     * @param cpus as Docker writes it, {@code 1.5}; empty for no limit
     */
    public record Limits(Optional<String> memory, Optional<String> cpus) {
        public static final Limits NONE = new Limits(Optional.empty(), Optional.empty());

        public Limits {
            requireNonNull(memory, "memory is null");
            requireNonNull(cpus, "cpus is null");
        }
    }

    public ServiceSpec {
        requireNonNull(cluster, "cluster is null");
        requireNonNull(part, "part is null");
        requireNonNull(host, "host is null");
        requireNonNull(image, "image is null");
        arguments = List.copyOf(arguments);
        environment = List.copyOf(environment);
        networks = List.copyOf(networks);
        secrets = List.copyOf(secrets);
        configs = List.copyOf(configs);
        binds = List.copyOf(binds);
        groups = List.copyOf(groups);
        constraints = List.copyOf(constraints);
        requireNonNull(published, "published is null");
        requireNonNull(limits, "limits is null");
        requireNonNull(stopGrace, "stopGrace is null");
    }

    /** What can be changed while its task's volume, networks and secrets stay. */
    ServiceSpec renewed(ServiceSpec newer) {
        return new ServiceSpec(
                cluster,
                part,
                host,
                newer.image,
                arguments,
                newer.environment,
                networks,
                secrets,
                configs,
                binds,
                groups,
                constraints,
                published,
                newer.limits,
                newer.stopGrace);
    }

    public String name() {
        return new SwarmNames(cluster).service(host);
    }

    public String volume() {
        return new SwarmNames(cluster).volume(host);
    }

    /** By which names it is found on one of its networks, besides those that Docker gives it. */
    List<String> aliasesOn(String network) {
        SwarmNames names = new SwarmNames(cluster);
        return network.equals(names.clientNetwork())
                ? List.of(names.clientName(host).value(), names.coordinators())
                : List.of(host.value());
    }
}
