package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.monitor.MemberView;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Versioned;
import xlctl.topology.InstanceReport;
import xlctl.topology.Topology;

/** The cluster on one screen: what is wanted and what is found, side by side. */
public final class StatusText {
    private StatusText() {}

    public static List<String> of(ClusterView view) {
        List<String> lines = new ArrayList<>(head(view));
        lines.add("");
        if (view.emptied().isPresent()) {
            lines.addAll(ProblemText.of(List.of(view.emptied().get())));
        } else if (view.members().isEmpty()) {
            lines.add("The cluster has no nodes yet: begin with add gtm master.");
        } else {
            lines.addAll(members(view));
        }
        view.hosts().forEach(host -> lines.addAll(complaints(host)));
        return lines;
    }

    private static List<String> head(ClusterView view) {
        List<String> lines = new ArrayList<>();
        Optional<Topology> topology = view.topology().map(Versioned::value);
        lines.add(
                "Cluster "
                        + view.cluster()
                        + topology.map(found -> ", engine " + found.engine()).orElse("")
                        + ", topology "
                        + view.topology()
                                .map(found -> "version " + found.version())
                                .orElse("none"));
        view.lock().ifPresent(holder -> lines.addAll(Table.wrapped(lock(holder), "")));
        for (OperationHeader operation : view.openOperations()) {
            lines.addAll(Table.wrapped(open(operation), ""));
        }
        return lines;
    }

    private static String lock(LockHolder holder) {
        return "Locked by "
                + holder.who()
                + " from "
                + holder.from()
                + " since "
                + Times.of(holder.since())
                + ": "
                + holder.doing();
    }

    private static String open(OperationHeader operation) {
        return "Open operation "
                + operation.number()
                + " ("
                + OperationText.state(operation.state())
                + ", by "
                + operation.who()
                + "): "
                + operation.command();
    }

    private static List<String> members(ClusterView view) {
        Table table = new Table("NODE", "KIND", "ADDRESS", "WANTED", "FOUND", "CATALOG");
        for (MemberView member : view.members()) {
            table.row(
                    member.instance().name().node().value(),
                    member.kind().word(),
                    member.instance().address().toString(),
                    member.role().word(),
                    found(member),
                    catalog(member, view));
        }
        List<String> rows = table.lines();
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            lines.add(rows.get(row));
            MemberView member = view.members().get(row - 1);
            member.warnings().forEach(reason -> lines.addAll(Table.wrapped(reason, "    ")));
            member.report()
                    .map(InstanceReport::notes)
                    .orElse(List.of())
                    .forEach(note -> lines.addAll(Table.wrapped("note: " + note, "    ")));
        }
        return lines;
    }

    /** What the server says it is, or what keeps it from saying so. */
    private static String found(MemberView member) {
        return switch (member.source()) {
            case NOBODY -> member.running() ? "running" : "silent";
            case SERVER -> member.running() ? "answers" : "down";
            case AGENT ->
                    member.report()
                            .map(StatusText::found)
                            .orElse(member.running() ? "running" : "unknown");
        };
    }

    private static String found(InstanceReport report) {
        if (report.state() == InstanceReport.State.UP) {
            return report.role().map(Object::toString).orElse("up");
        }
        return report.state().name().toLowerCase(Locale.ROOT);
    }

    /** Whether its catalogs match the topology. */
    private static String catalog(MemberView member, ClusterView view) {
        if (member.appliedTopology().isEmpty() || view.topology().isEmpty()) {
            return "?";
        }
        int applied = member.appliedTopology().getAsInt();
        int wanted = view.topology().get().version();
        if (applied == wanted) {
            return "current";
        }
        return applied < 0 ? "none" : "at " + applied;
    }

    private static List<String> complaints(HostView host) {
        List<String> texts = new ArrayList<>();
        host.unreachable().ifPresent(problem -> texts.add(problem.toString()));
        host.report().ifPresent(report -> report.problems().forEach(p -> texts.add(p.toString())));
        List<String> lines = new ArrayList<>();
        for (String text : texts) {
            lines.addAll(Table.wrapped("Host " + host.host() + ": " + text, ""));
        }
        return lines;
    }
}
