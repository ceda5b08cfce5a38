package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import xlctl.agent.api.ControllerKey;
import xlctl.command.Command;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Replaces the SSH key of the home. At each moment the key in use is let in by every host: it is
 * replaced in the home only once the new one was tried everywhere, and withdrawn only after that.
 */
final class KeysPlanner {
    private final Command.RotateKeys command;
    private final Observation seen;
    private final List<Refusal> refusals = new ArrayList<>();

    KeysPlanner(Command.RotateKeys command, Observation seen) {
        this.command = command;
        this.seen = seen;
    }

    Planned plan() {
        OwnKeyFacts key = seen.ownKey().orElseThrow();
        List<HostName> hosts =
                seen.hosts().values().stream()
                        .filter(view -> view.record().isPresent())
                        .map(HostView::host)
                        .sorted()
                        .toList();
        checkKey(key, hosts);
        checkStrangers();
        HostChecks checks = new HostChecks(seen, refusals);
        for (HostName host : hosts) {
            if (checks.reportOf(host).isEmpty() && !seen.topology().hosts().contains(host)) {
                refusals.add(
                        Refusal.unreachable(
                                Problem.of(
                                        "host " + host + " is registered and has no members",
                                        "where it is gone for good: host forget " + host)));
            }
        }
        return refusals.isEmpty()
                ? Planned.ready(plan(hosts, key.present().orElseThrow(), key.former()))
                : Planned.refused(refusals);
    }

    private void checkKey(OwnKeyFacts key, List<HostName> hosts) {
        key.problems().forEach(problem -> refusals.add(new Refusal(problem, Refusal.Kind.REFUSED)));
        if (key.fresh().isPresent() && seen.openOperations().isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "beside the SSH key of this shell there is ssh-key.new, of a replacement"
                                    + " that was ended without this home: a new key must be one that"
                                    + " nobody has seen",
                            "remove it"));
        }
        List<String> services =
                hosts.stream()
                        .filter(host -> record(host).flatMap(HostRecord::service).isPresent())
                        .map(HostName::value)
                        .toList();
        if (!services.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "the keys of services are in Docker, which does not change what it has"
                                    + " given a service: "
                                    + String.join(", ", services),
                            "replace them by hand, which restarts these members: see The keys of a"
                                    + " Swarm in docs/swarm.md"));
        }
        if (hosts.isEmpty()) {
            refusals.add(
                    Refusal.refused(
                            "no host is registered, so no agent can be told of another key",
                            "host accept HOST registers one"));
        }
    }

    /** An agent that is not registered knows the old key too, and would not be told. */
    private void checkStrangers() {
        seen.hosts().values().stream()
                .filter(view -> view.record().isEmpty() && view.presence().isPresent())
                .map(HostView::host)
                .sorted()
                .forEach(
                        host ->
                                refusals.add(
                                        Refusal.refused(
                                                "host "
                                                        + host
                                                        + " offers itself and is not registered:"
                                                        + " its agent would not be told of the new"
                                                        + " key",
                                                "host accept " + host + ", or end its agent")));
    }

    private Optional<HostRecord> record(HostName host) {
        return seen.host(host).flatMap(HostView::record);
    }

    private Plan plan(List<HostName> hosts, ControllerKey own, Optional<ControllerKey> former) {
        PlanBuilder plan = new PlanBuilder(command.toString());
        plan.step(
                "make a new SSH key",
                Optional.empty(),
                new KeyAction.MakeKey(own),
                Optional.of(new KeyAction.DropKey(own)));
        plan.thereafter();
        for (HostName host : hosts) {
            plan.step(
                    "have " + host + " let the new key in",
                    Optional.empty(),
                    new KeyAction.AdmitKey(host, own),
                    Optional.of(new KeyAction.DismissKey(host, own)));
        }
        plan.thereafter();
        for (HostName host : hosts) {
            plan.step(
                    "log in to " + host + " with the new key",
                    Optional.empty(),
                    new KeyAction.TryKey(host, own));
        }
        plan.thereafter();
        plan.commit("use the new key from now on", Optional.empty(), new TopologyChange.None());
        plan.thereafter();
        plan.step(
                "put the new key in the place of the old one",
                Optional.empty(),
                new KeyAction.TakeKey(own));
        plan.thereafter();
        Set<String> gone = new TreeSet<>(Set.of(own.openSsh()));
        former.ifPresent(key -> gone.add(key.openSsh()));
        for (HostName host : hosts) {
            for (String key : gone) {
                plan.step(
                        "have "
                                + host
                                + (key.equals(own.openSsh())
                                        ? " let the old key in no more"
                                        : " let an even older key in no more"),
                        Optional.empty(),
                        new KeyAction.WithdrawKey(host, own, new ControllerKey(key)));
            }
        }
        plan.thereafter();
        plan.step("remove the old key", Optional.empty(), new KeyAction.ForgetKey(own));
        return plan.build();
    }
}
