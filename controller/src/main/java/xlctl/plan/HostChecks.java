package xlctl.plan;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import xlctl.agent.api.Reply;
import xlctl.monitor.HostView;
import xlctl.store.HostKeyFingerprint;
import xlctl.text.NearNames;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** What keeps a host from taking part in a plan. */
final class HostChecks {
    private final Observation seen;
    private final List<Refusal> refusals;

    HostChecks(Observation seen, List<Refusal> refusals) {
        this.seen = seen;
        this.refusals = refusals;
    }

    /**
     * Refuses while an agent is away whose coordinator or datanode may run, and would spread tables
     * over other datanodes than the rest once DDL is let in again. The stock engine's coordinators
     * are told by who makes a table.
     *
     * @param known hosts whose agents were checked already, or are yet to come
     */
    void requireThatAllFollow(NodeKind change, Set<HostName> known) {
        if (seen.topology().engine() == EngineKind.POSTGRESQL || !change.inCatalog()) {
            return;
        }
        seen.topology().nodes().stream()
                .filter(node -> node.kind().inCatalog())
                .flatMap(node -> node.instances().stream())
                .map(Instance::host)
                .filter(host -> !known.contains(host))
                .distinct()
                .sorted()
                .forEach(this::reportOf);
    }

    /** What the host's agent answers; empty, with the reasons noted, when it cannot be asked. */
    Optional<Reply.HostReport> reportOf(HostName host) {
        Optional<HostView> view = seen.host(host);
        if (view.flatMap(HostView::record).isEmpty()) {
            refusals.add(unregistered(host, view.flatMap(HostView::presence).isPresent()));
            return Optional.empty();
        }
        if (view.get().keyChanged()) {
            refusals.add(
                    Refusal.refused(
                            "the agent of host "
                                    + host
                                    + " has another SSH host key than the accepted one: accepted is "
                                    + HostKeyFingerprint.of(view.get().record().get().hostKey())
                                    + ", it has "
                                    + HostKeyFingerprint.of(view.get().presence().get().hostKey())
                                    + view.get().claims().stream()
                                            .map(claim -> "; " + claim)
                                            .collect(Collectors.joining()),
                            "if the agent was installed anew: host accept "
                                    + host
                                    + "; if its volume was replaced, restore that"));
            return Optional.empty();
        }
        if (view.get().report().isEmpty()) {
            refusals.add(
                    Refusal.unreachable(
                            view.get()
                                    .unreachable()
                                    .orElse(
                                            Problem.of(
                                                    "the agent of host " + host + " was not asked",
                                                    "try again"))));
        }
        return view.get().report();
    }

    private Refusal unregistered(HostName host, boolean offersItself) {
        List<String> registered =
                seen.hosts().values().stream()
                        .filter(view -> view.record().isPresent())
                        .map(view -> view.host().value())
                        .sorted()
                        .collect(Collectors.toUnmodifiableList());
        String near = NearNames.question(host.value(), registered);
        return Refusal.refused(
                "host "
                        + host
                        + " is not registered"
                        + (offersItself ? ", although its agent offers itself" : "")
                        + (near.isEmpty() ? "" : ": " + near)
                        + (registered.isEmpty()
                                ? "; no host is registered"
                                : "; registered are " + String.join(", ", registered)),
                "start an agent there if there is none, then: host accept " + host);
    }
}
