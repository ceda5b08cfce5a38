package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.agent.api.Reply;
import xlctl.controller.HostKeyOffer;
import xlctl.monitor.HostView;
import xlctl.store.Presence;

/** Hosts and the keys they offer. */
public final class HostText {
    private HostText() {}

    public static List<String> list(List<HostView> hosts) {
        if (hosts.isEmpty()) {
            return List.of(
                    "No host is registered and no agent offers itself: start xlctl-agent on one, then host accept HOST.");
        }
        boolean places = hosts.stream().anyMatch(host -> place(host).isPresent());
        List<String> titles = List.of("HOST", "AGENT", "REGISTERED", "ANSWERS", "ENGINE");
        Table table = new Table(row(titles, places, "PLACE"));
        for (HostView host : hosts) {
            List<String> cells =
                    List.of(
                            host.host().value(),
                            agent(host),
                            registered(host),
                            answers(host),
                            engine(host));
            table.row(row(cells, places, place(host).orElse("?")));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            lines.add(rows.get(row));
            HostView host = hosts.get(row - 1);
            reasons(host).forEach(reason -> lines.addAll(Table.wrapped(reason, "    ")));
        }
        return lines;
    }

    /** What the operator must know to accept a key. */
    public static List<String> offer(HostKeyOffer offer) {
        List<String> lines = new ArrayList<>();
        lines.add("The agent of " + offer.host() + " at " + offer.agent() + " offers this key:");
        lines.add("  " + offer.fingerprint());
        offer.accepted()
                .filter(accepted -> !accepted.hostKey().equals(offer.hostKey()))
                .ifPresent(
                        accepted ->
                                lines.add(
                                        "It is not the key that was accepted on "
                                                + Times.of(accepted.since())
                                                + "."));
        lines.add(
                offer.claimed().isPresent()
                        ? "The agent says the same over ZooKeeper."
                        : "The agent is not connected to ZooKeeper, so nothing else vouches for the key.");
        return lines;
    }

    private static String agent(HostView host) {
        return host.record()
                .map(record -> record.agent().toString())
                .or(() -> host.presence().map(presence -> presence.agent().toString()))
                .orElse("?");
    }

    /** Only where some host is known to run in a place is there a column of them. */
    private static String[] row(List<String> cells, boolean places, String place) {
        List<String> row = new ArrayList<>(cells);
        if (places) {
            row.add(place);
        }
        return row.toArray(String[]::new);
    }

    private static Optional<String> place(HostView host) {
        return host.record().isPresent()
                ? host.record().get().place()
                : host.presence().flatMap(Presence::place);
    }

    private static String registered(HostView host) {
        if (host.record().isEmpty()) {
            return "no";
        }
        return host.keyChanged() ? "key changed" : "yes";
    }

    private static String answers(HostView host) {
        return host.report().map(report -> report.agentVersion()).orElse("no");
    }

    private static String engine(HostView host) {
        return host.report()
                .map(Reply.HostReport::engine)
                .map(engine -> engine.kind() + " " + engine.version().orElse("(unusable)"))
                .orElse("?");
    }

    private static List<String> reasons(HostView host) {
        List<String> reasons = new ArrayList<>();
        host.unreachable().ifPresent(problem -> reasons.add(problem.toString()));
        host.report()
                .ifPresent(
                        report -> {
                            report.engine().problems().forEach(p -> reasons.add(p.toString()));
                            report.problems().forEach(p -> reasons.add(p.toString()));
                        });
        if (host.record().isEmpty()) {
            reasons.add("to use it: host accept " + host.host());
        }
        return reasons;
    }
}
