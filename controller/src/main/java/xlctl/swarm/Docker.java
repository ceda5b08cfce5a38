package xlctl.swarm;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;

/**
 * A Docker engine and the Swarm it manages. Thread-safe. Knows nothing of whose an object is: that
 * is for its callers to ask first. Every method throws {@link DockerException} when Docker does not
 * answer or refuses; removing what is not there is fine.
 */
public interface Docker {
    /**
     * The engine that is asked.
     *
     * @param swarm what stands against using its Swarm; empty where it is a manager of one
     * @param nodeId its id as a machine of the Swarm; empty without a Swarm
     * @param endpoint where it is reached, {@code unix:///var/run/docker.sock}
     */
    record Engine(
            String version,
            String hostname,
            String nodeId,
            Optional<Problem> swarm,
            String endpoint) {}

    /** Something with a name and labels: a secret, a config, a volume, a service. */
    record Labelled(String name, Map<String, String> labels) {
        public Labelled {
            requireNonNull(name, "name is null");
            labels = Map.copyOf(labels);
        }
    }

    /**
     * A network to be made.
     *
     * @param internal without a way out
     * @param attachable whether containers that are no services may join
     * @param encrypted whether what goes from machine to machine is to be encrypted
     * @param subnet empty: Docker chooses
     */
    record NetworkSpec(
            Labelled called,
            boolean internal,
            boolean attachable,
            boolean encrypted,
            Optional<Cidr> subnet) {}

    /** A network that is there. */
    record Network(String id, Labelled called, boolean encrypted, List<Cidr> subnets) {
        public Network {
            subnets = List.copyOf(subnets);
        }

        String name() {
            return called.name();
        }
    }

    /**
     * One run of a service.
     *
     * @param nodeId where; empty while no machine was found for it
     * @param state in Docker's words: pending, preparing, starting, running, failed, ...
     * @param desired what Docker wants it to be: running, shutdown, remove
     * @param error why it is not running, in Docker's words
     * @param since since when it is in this state
     */
    record Task(
            String id,
            String service,
            Optional<String> nodeId,
            String state,
            String desired,
            Optional<String> error,
            Instant since) {

        boolean wanted() {
            return desired.equals("running");
        }

        boolean running() {
            return state.equals("running");
        }

        /** Whether no container of it runs any more. */
        boolean ended() {
            return switch (state) {
                case "complete", "shutdown", "failed", "rejected", "remove", "orphaned" -> true;
                default -> false;
            };
        }
    }

    /** A container on this engine. */
    record Container(String id, boolean running) {}

    /** Fails only where the engine itself cannot be asked. */
    Engine engine();

    List<SwarmNode> nodes();

    /** Whether this engine has the image itself. */
    boolean hasImage(String image);

    /**
     * Why the kernel cannot encrypt what overlay networks carry; empty where it can. Tried in a
     * container that is gone afterwards.
     *
     * @param image one that this engine has, with the program {@code ip}
     */
    Optional<String> encryptionTrouble(String image);

    /** All of them, whatever their kind. */
    List<Network> networks();

    void createNetwork(NetworkSpec network);

    /** What is attached to a network, as far as this engine knows: containers and services. */
    List<String> usersOf(Network network);

    void removeNetwork(String name);

    List<Labelled> secrets(String prefix);

    void createSecret(Labelled secret, byte[] contents);

    void removeSecret(String name);

    List<Labelled> configs(String prefix);

    void createConfig(Labelled config, byte[] contents);

    void removeConfig(String name);

    /** Those on this engine. */
    List<Labelled> volumes(String prefix);

    /** Of this engine. */
    void removeVolume(String name);

    List<Labelled> services(String prefix);

    /**
     * How services are to be, read back. Those without labels of a cluster are left out, and so is
     * what a {@link ServiceSpec} cannot say.
     */
    List<ServiceSpec> specs(List<String> services);

    /** Makes a service; returns once it is taken, before it runs. */
    void createService(ServiceSpec service);

    /** Gives a service another image, environment, limits and stop grace. */
    void updateService(ServiceSpec was, ServiceSpec is);

    /** Its tasks end later. */
    void removeService(String name);

    /** The tasks of services, past ones that are remembered included, newest first. */
    List<Task> tasks(List<String> services);

    /** Those of these tasks that are still known, whether or not their service is. */
    List<Task> tasksById(List<String> ids);

    /** Containers of a service on this engine, ended ones included. */
    List<Container> containers(String service);

    /** Of a container that has ended. */
    void removeContainer(String id);

    /** The last lines that a service's tasks wrote; empty where there are none. */
    List<String> lastWords(String service);
}
