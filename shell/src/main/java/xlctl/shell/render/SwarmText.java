package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import xlctl.shell.answer.SwarmAnswer;
import xlctl.swarm.SwarmNames;
import xlctl.swarm.SwarmSetup;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/** What Docker has of a cluster. */
public final class SwarmText {
    private SwarmText() {}

    /** What was made, and how the shell is opened. */
    public static List<String> of(SwarmSetup.Result result, ClusterName cluster) {
        List<String> lines = new ArrayList<>();
        result.made().forEach(thing -> lines.add("made     " + thing));
        result.changed().forEach(thing -> lines.add("changed  " + thing));
        result.kept().forEach(thing -> lines.add("kept     " + thing));
        lines.add("The cluster's shell:");
        lines.add(
                "  docker exec -it $(docker ps -qf label=com.docker.swarm.service.name="
                        + new SwarmNames(cluster).service(SwarmNames.CONTROL)
                        + ") xlctl");
        return lines;
    }

    public static List<String> warnings(List<Problem> problems) {
        return problems.stream().map(problem -> "Warning: " + problem).toList();
    }

    static List<String> of(SwarmAnswer answer) {
        List<String> lines = new ArrayList<>();
        lines.add("cluster " + answer.cluster() + ", Docker " + answer.docker());
        lines.add("");
        lines.addAll(services(answer));
        answer.membersUnknown()
                .ifPresent(
                        why -> {
                            lines.add("");
                            lines.addAll(
                                    Table.wrapped("The members are not shown here: " + why, ""));
                            lines.addAll(
                                    Table.wrapped(
                                            "The shell of the control service shows them.", ""));
                        });
        lines.add("");
        lines.addAll(networks(answer));
        lines.add("");
        lines.addAll(machines(answer));
        lines.add("");
        lines.addAll(Table.wrapped("Volumes here: " + joined(answer.volumes()), ""));
        lines.addAll(Table.wrapped("Keys: " + joined(answer.keys()), ""));
        return lines;
    }

    static List<String> warnings(SwarmAnswer answer) {
        List<String> warnings = new ArrayList<>(warnings(answer.warnings()));
        for (SwarmAnswer.Service service : answer.services()) {
            service.trouble()
                    .ifPresent(
                            trouble -> warnings.add("Warning: " + service.name() + ": " + trouble));
        }
        return warnings;
    }

    private static List<String> services(SwarmAnswer answer) {
        if (answer.services().isEmpty()) {
            return List.of("There is no service of the cluster: swarm init makes the first ones.");
        }
        Table table = new Table("SERVICE", "NODE", "STATE", "SINCE", "MEMBERS");
        for (SwarmAnswer.Service service : answer.services()) {
            table.row(
                    service.name(),
                    service.node().orElse("-"),
                    service.state(),
                    service.since().map(Times::of).orElse("-"),
                    answer.membersUnknown().isPresent() ? "?" : members(service));
        }
        return table.lines();
    }

    private static String members(SwarmAnswer.Service service) {
        return service.members().isEmpty()
                ? "-"
                : service.members().stream()
                        .map(SwarmAnswer.Member::toString)
                        .collect(Collectors.joining(", "));
    }

    private static List<String> networks(SwarmAnswer answer) {
        Table table = new Table("NETWORK", "SUBNET", "BETWEEN MACHINES", "OPEN TO");
        for (SwarmAnswer.Network network : answer.networks()) {
            table.row(
                    network.name(),
                    joined(network.subnets()),
                    network.encrypted() ? "encrypted" : "plain",
                    network.external() ? "clients" : "the cluster alone");
        }
        return table.lines();
    }

    private static List<String> machines(SwarmAnswer answer) {
        Table table = new Table("SWARM NODE", "STATE", "ROLE");
        for (SwarmAnswer.Machine machine : answer.machines()) {
            table.row(
                    machine.hostname(), machine.state(), machine.manager() ? "manager" : "worker");
        }
        return table.lines();
    }

    private static String joined(List<String> texts) {
        return texts.isEmpty() ? "none" : String.join(", ", texts);
    }
}
