package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.controller.HostKeyOffer;
import xlctl.shell.answer.HostsAnswer;

/** Hosts and the keys they offer. */
public final class HostText {
    private HostText() {}

    static List<String> list(HostsAnswer answer) {
        List<HostsAnswer.Host> hosts = answer.hosts();
        if (hosts.isEmpty()) {
            return List.of(
                    "No host is registered and no agent offers itself: start xlctl-agent on one, then host accept HOST.");
        }
        boolean places = hosts.stream().anyMatch(host -> host.place().isPresent());
        List<String> titles = List.of("HOST", "AGENT", "REGISTERED", "ANSWERS", "ENGINE");
        Table table = new Table(row(titles, places, "PLACE"));
        for (HostsAnswer.Host host : hosts) {
            List<String> cells =
                    List.of(
                            host.host(),
                            host.agent().orElse("?"),
                            host.registered(),
                            host.agentVersion().orElse("no"),
                            engine(host));
            table.row(row(cells, places, host.place().orElse("?")));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            lines.add(rows.get(row));
            reasons(hosts.get(row - 1))
                    .forEach(reason -> lines.addAll(Table.wrapped(reason, "    ")));
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

    /** Only where some host is known to run in a place is there a column of them. */
    private static String[] row(List<String> cells, boolean places, String place) {
        List<String> row = new ArrayList<>(cells);
        if (places) {
            row.add(place);
        }
        return row.toArray(String[]::new);
    }

    private static String engine(HostsAnswer.Host host) {
        return host.engine()
                .map(engine -> engine + " " + host.engineVersion().orElse("(unusable)"))
                .orElse("?");
    }

    private static List<String> reasons(HostsAnswer.Host host) {
        List<String> reasons = new ArrayList<>();
        host.problems().forEach(problem -> reasons.add(problem.toString()));
        if (host.registered().equals("no")) {
            reasons.add("to use it: host accept " + host.host());
        }
        return reasons;
    }
}
