package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.command.Command;
import xlctl.text.NearNames;
import xlctl.topology.HostName;

/** Gives hosts new certificates, with new keys. Each stands for itself; nobody is disconnected. */
final class CertificatesPlanner {
    private final Command.RotateCertificates command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    CertificatesPlanner(Command.RotateCertificates command, Observation seen) {
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        List<HostName> present = seen.topology().hosts().stream().sorted().toList();
        if (!seen.topology().networks().encrypted()) {
            refusals.add(
                    Refusal.refused(
                            "the cluster has no TLS, and so its hosts have no certificates",
                            "that is decided when a cluster is made: networks.tls"));
        } else if (present.isEmpty()) {
            refusals.add(Refusal.refused("the cluster has no members yet", "add some: help add"));
        } else {
            command.hosts().stream()
                    .filter(host -> !present.contains(host))
                    .forEach(host -> refusals.add(unknown(host, present)));
        }
        if (!refusals.isEmpty()) {
            return Planned.refused(refusals);
        }
        List<HostName> hosts =
                command.hosts().isEmpty() ? present : command.hosts().stream().distinct().toList();
        PlanBuilder plan = new PlanBuilder(command.toString());
        hosts.forEach(
                host ->
                        plan.step(
                                "give " + host + " a new certificate",
                                Optional.empty(),
                                new Action.RenewCertificate(host)));
        return Planned.ready(plan.build());
    }

    private static Refusal unknown(HostName host, List<HostName> present) {
        List<String> names = present.stream().map(HostName::value).toList();
        String near = NearNames.question(host.value(), names);
        return Refusal.refused(
                "no member is on a host " + host + (near.isEmpty() ? "" : ": " + near),
                "the hosts are " + String.join(", ", names));
    }
}
