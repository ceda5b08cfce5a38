package xlctl.plan;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Disposal;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.Node;

/** Services whose last instance is erased: they go with it, and so do their volumes. */
final class ObsoleteServices {
    private final List<HostRecord> hosts;

    private ObsoleteServices(List<HostRecord> hosts) {
        this.hosts = hosts;
    }

    static ObsoleteServices without(Node node, Disposal disposal, Observation seen) {
        if (disposal != Disposal.ERASE) {
            return new ObsoleteServices(List.of());
        }
        var needed = seen.topology().without(node.name()).hosts();
        return new ObsoleteServices(
                node.instances().stream()
                        .map(Instance::host)
                        .distinct()
                        .filter(host -> !needed.contains(host))
                        .flatMap(host -> seen.host(host).flatMap(HostView::record).stream())
                        .filter(record -> record.service().isPresent())
                        .toList());
    }

    /** Docker must be there for it before anything else is done. */
    void requireDocker(Observation seen, List<Refusal> refusals) {
        if (!hosts.isEmpty()) {
            seen.swarmView()
                    .unusable()
                    .forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        }
    }

    void addTo(PlanBuilder plan, Node node) {
        if (hosts.isEmpty()) {
            return;
        }
        plan.thereafter();
        for (HostRecord record : hosts) {
            plan.step(
                    "remove service " + record.service().get() + " and its volume",
                    Optional.of(node.name()),
                    new Action.RemoveService(record.host()));
        }
        plan.thereafter();
        for (HostRecord record : hosts) {
            HostName host = record.host();
            plan.step(
                    "forget that " + host + " is registered",
                    Optional.of(node.name()),
                    new Action.UnregisterHost(host, Optional.of(record.since())));
        }
    }
}
