package xlctl.swarm;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import xlctl.json.JsonTree;
import xlctl.topology.Cidr;
import xlctl.topology.Problem;

/** What {@code docker inspect} and {@code docker info} show, as values. Pure. */
final class DockerReading {
    private DockerReading() {}

    static Optional<Problem> swarmTrouble(JsonTree info) {
        return switch (info.text("Swarm", "LocalNodeState").orElse("inactive")) {
            case "active" ->
                    info.isTrue("Swarm", "ControlAvailable")
                            ? Optional.empty()
                            : Optional.of(
                                    Problem.of(
                                            "this Docker engine is a worker of its Swarm, not a manager",
                                            "do this on a manager, or make this machine one: docker node"
                                                    + " promote"));
            case "locked" ->
                    Optional.of(
                            Problem.of(
                                    "the Swarm of this Docker engine is locked",
                                    "docker swarm unlock"));
            case "inactive" ->
                    Optional.of(
                            Problem.of(
                                    "this Docker engine is in no Swarm",
                                    "make one, of this machine alone to begin with: docker swarm init"
                                            + " --advertise-addr ADDRESS"));
            default ->
                    Optional.of(
                            Problem.of(
                                    "the Swarm of this Docker engine is not at work: "
                                            + info.text("Swarm", "Error")
                                                    .orElse("it is still joining"),
                                    "look at it with docker info"));
        };
    }

    static SwarmNode node(JsonTree node) {
        String state = node.text("Status", "State").orElse("unknown");
        String availability = node.text("Spec", "Availability").orElse("unknown");
        return new SwarmNode(
                node.text("ID").orElse(""),
                node.text("Description", "Hostname").orElse("?"),
                node.text("Spec", "Role").equals(Optional.of("manager")),
                state.equals("ready") && availability.equals("active"),
                state + " " + availability);
    }

    static Docker.Network network(JsonTree network) {
        return new Docker.Network(
                network.text("Id").orElse(""),
                new Docker.Labelled(network.text("Name").orElse(""), network.textsByName("Labels")),
                network.textsByName("Options").containsKey("encrypted"),
                network.list("IPAM", "Config").stream()
                        .flatMap(config -> config.text("Subnet").stream())
                        .filter(subnet -> subnet.matches("[0-9./]+"))
                        .map(Cidr::new)
                        .toList());
    }

    static Docker.Task task(JsonTree task, Map<String, String> services) {
        String service = task.text("ServiceID").orElse("");
        return new Docker.Task(
                task.text("ID").orElse(""),
                services.getOrDefault(service, service),
                task.text("NodeID"),
                task.text("Status", "State").orElse("unknown"),
                task.text("DesiredState").orElse("unknown"),
                task.text("Status", "Err"),
                task.text("Status", "Timestamp").map(Instant::parse).orElse(Instant.EPOCH));
    }
}
