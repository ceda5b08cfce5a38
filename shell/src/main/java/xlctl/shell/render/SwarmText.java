package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.monitor.MemberView;
import xlctl.swarm.SwarmNames;
import xlctl.swarm.SwarmReport;
import xlctl.swarm.SwarmSetup;
import xlctl.topology.ClusterName;
import xlctl.topology.Problem;

/** What Docker has of a cluster. */
public final class SwarmText {
    private final SwarmReport report;
    private final Optional<List<MemberView>> members;
    private final String whyNoMembers;

    private SwarmText(SwarmReport report, Optional<List<MemberView>> members, String whyNoMembers) {
        this.report = report;
        this.members = members;
        this.whyNoMembers = whyNoMembers;
    }

    /** With the members beside their services. */
    public static SwarmText with(SwarmReport report, List<MemberView> members) {
        return new SwarmText(report, Optional.of(members), "");
    }

    /**
     * @param why the members are not known here
     */
    public static SwarmText without(SwarmReport report, String why) {
        return new SwarmText(report, Optional.empty(), why);
    }

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

    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("cluster " + report.cluster() + ", Docker " + report.engine());
        lines.add("");
        lines.addAll(services());
        members.ifPresentOrElse(
                known -> {},
                () -> {
                    lines.add("");
                    lines.addAll(
                            Table.wrapped("The members are not shown here: " + whyNoMembers, ""));
                    lines.addAll(Table.wrapped("The shell of the control service shows them.", ""));
                });
        lines.add("");
        lines.addAll(networks());
        lines.add("");
        lines.addAll(nodes());
        lines.add("");
        lines.addAll(Table.wrapped("Volumes here: " + joined(report.volumes()), ""));
        lines.addAll(Table.wrapped("Keys: " + joined(report.files()), ""));
        return lines;
    }

    public List<String> warnings() {
        List<String> warnings = new ArrayList<>(warnings(report.warnings()));
        for (SwarmReport.Service service : report.services()) {
            service.trouble()
                    .ifPresent(
                            trouble -> warnings.add("Warning: " + service.name() + ": " + trouble));
        }
        return warnings;
    }

    private List<String> services() {
        if (report.services().isEmpty()) {
            return List.of("There is no service of the cluster: swarm init makes the first ones.");
        }
        Table table = new Table("SERVICE", "NODE", "STATE", "SINCE", "MEMBERS");
        for (SwarmReport.Service service : report.services()) {
            table.row(
                    service.name(),
                    service.node().orElse("-"),
                    service.state(),
                    service.since().map(Times::of).orElse("-"),
                    members.map(known -> membersOf(service, known)).orElse("?"));
        }
        return table.lines();
    }

    private String membersOf(SwarmReport.Service service, List<MemberView> known) {
        SwarmNames names = new SwarmNames(report.cluster());
        String text =
                known.stream()
                        .filter(
                                member ->
                                        names.service(member.instance().host())
                                                .equals(service.name()))
                        .map(
                                member ->
                                        member.instance().name().node()
                                                + (member.healthy()
                                                        ? " running"
                                                        : member.running()
                                                                ? " degraded"
                                                                : " not running"))
                        .collect(Collectors.joining(", "));
        return text.isEmpty() ? "-" : text;
    }

    private List<String> networks() {
        Table table = new Table("NETWORK", "SUBNET", "BETWEEN MACHINES", "OPEN TO");
        for (SwarmReport.Network network : report.networks()) {
            table.row(
                    network.name(),
                    joined(network.subnets().stream().map(Object::toString).toList()),
                    network.encrypted() ? "encrypted" : "plain",
                    network.external() ? "clients" : "the cluster alone");
        }
        return table.lines();
    }

    private List<String> nodes() {
        Table table = new Table("SWARM NODE", "STATE", "ROLE");
        report.nodes()
                .forEach(
                        node ->
                                table.row(
                                        node.hostname(),
                                        node.state(),
                                        node.manager() ? "manager" : "worker"));
        return table.lines();
    }

    private static String joined(List<String> texts) {
        return texts.isEmpty() ? "none" : String.join(", ", texts);
    }
}
