package xlctl.shell.render;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import xlctl.shell.answer.MemberStatus;
import xlctl.shell.answer.StatusAnswer;

/** The cluster on one screen: what is wanted and what is found, side by side. */
final class StatusText {
    /** A column of the members' table. */
    private record Column(String heading, Function<MemberStatus, String> cell) {}

    private StatusText() {}

    static List<String> of(StatusAnswer answer, Screen screen) {
        int width = screen.columns();
        List<String> lines = new ArrayList<>(head(answer, width));
        lines.add("");
        if (!answer.problems().isEmpty()) {
            lines.addAll(ProblemText.of(answer.problems(), width));
        } else if (answer.members().isEmpty()) {
            lines.add("The cluster has no nodes yet: begin with add gtm master.");
        } else {
            lines.addAll(members(answer, screen));
        }
        return lines;
    }

    private static List<String> head(StatusAnswer answer, int width) {
        List<String> texts = new ArrayList<>();
        texts.add(
                "Cluster "
                        + answer.cluster()
                        + answer.engine().map(engine -> ", engine " + engine).orElse("")
                        + ", topology "
                        + answer.topologyVersion()
                                .map(version -> "version " + version)
                                .orElse("none"));
        texts.add(zooKeeper(answer.zooKeeper()));
        texts.addAll(hosts(answer));
        answer.expires().ifPresent(first -> texts.add(certificates(first, answer)));
        answer.lock().ifPresent(lock -> texts.add(lock(lock)));
        for (StatusAnswer.OpenOperation operation : answer.openOperations()) {
            texts.add(open(operation));
            if (answer.lock().isEmpty()) {
                texts.add(
                        "    to do: operation show "
                                + operation.number()
                                + ", then operation resume "
                                + operation.number());
            }
        }
        return texts.stream().flatMap(text -> wrapped(text, width).stream()).toList();
    }

    private static String zooKeeper(StatusAnswer.ZooKeeper zooKeeper) {
        return "ZooKeeper "
                + zooKeeper
                        .server()
                        .map(server -> server + " answers")
                        .orElse("does not answer just now")
                + ", session timeout "
                + zooKeeper.sessionTimeoutMillis()
                + " ms";
    }

    /** All in one line when all is well, else one for each that is not. */
    private static List<String> hosts(StatusAnswer answer) {
        if (answer.hosts().isEmpty() || answer.topologyVersion().isEmpty()) {
            return List.of();
        }
        Optional<Integer> wanted = answer.topologyVersion();
        List<String> lines = new ArrayList<>();
        long current =
                answer.hosts().stream()
                        .filter(host -> host.appliedTopology().equals(wanted))
                        .count();
        lines.add(
                "Hosts that match version "
                        + wanted.get()
                        + ": "
                        + current
                        + " of "
                        + answer.hosts().size());
        for (StatusAnswer.Host host : answer.hosts()) {
            if (!host.appliedTopology().equals(wanted)) {
                lines.add(
                        "Host "
                                + host.host()
                                + ": "
                                + host.appliedTopology()
                                        .map(
                                                applied ->
                                                        applied < 0
                                                                ? "matches no version yet"
                                                                : "matches version " + applied)
                                        .orElse("which version it matches is not known"));
            }
            host.problems().forEach(problem -> lines.add("Host " + host.host() + ": " + problem));
        }
        return lines;
    }

    private static String certificates(Instant first, StatusAnswer answer) {
        return "Certificates: the first ends "
                + Times.of(first)
                + ", of "
                + answer.hosts().stream()
                        .filter(host -> host.expires().equals(Optional.of(first)))
                        .map(StatusAnswer.Host::host)
                        .findFirst()
                        .orElseThrow();
    }

    private static String lock(StatusAnswer.Lock lock) {
        return "Locked by "
                + lock.who()
                + " from "
                + lock.from()
                + " since "
                + Times.of(lock.since())
                + ": "
                + lock.doing();
    }

    private static String open(StatusAnswer.OpenOperation operation) {
        return "Open operation "
                + operation.number()
                + " ("
                + operation.state()
                + ", by "
                + operation.who()
                + " since "
                + Times.of(operation.since())
                + "): "
                + operation.command();
    }

    private static List<String> members(StatusAnswer answer, Screen screen) {
        int width = screen.columns();
        List<String> rows = table(answer, width);
        List<String> lines = new ArrayList<>(List.of(rows.get(0)));
        for (int row = 1; row < rows.size(); row++) {
            MemberStatus member = answer.members().get(row - 1);
            lines.add(screen.painted(rows.get(row), colour(member)));
            member.warnings().forEach(why -> lines.addAll(wrapped("    " + why, width)));
            member.next().ifPresent(next -> lines.addAll(wrapped("    to do: " + next, width)));
            member.notes().forEach(note -> lines.addAll(wrapped("    note: " + note, width)));
        }
        return lines;
    }

    private static Screen.Colour colour(MemberStatus member) {
        if (member.healthy()) {
            return Screen.Colour.NONE;
        }
        return member.running() ? Screen.Colour.DEGRADED : Screen.Colour.DOWN;
    }

    /**
     * As many columns as the screen has room for; a node and what is found of it are always there.
     */
    private static List<String> table(StatusAnswer answer, int width) {
        List<Column> shown = List.of();
        List<String> lines = List.of();
        for (List<Column> more : growing(answer.topologyVersion())) {
            List<String> wider = table(answer.members(), more);
            boolean fits = wider.stream().allMatch(line -> Table.length(line) <= width);
            if (!fits && !shown.isEmpty()) {
                break;
            }
            shown = more;
            lines = wider;
        }
        return lines;
    }

    private static List<List<Column>> growing(Optional<Integer> version) {
        Column node = new Column("NODE", MemberStatus::node);
        Column kind = new Column("KIND", MemberStatus::kind);
        Column address = new Column("ADDRESS", MemberStatus::address);
        Column wanted = new Column("WANTED", MemberStatus::wanted);
        Column found = new Column("FOUND", MemberStatus::found);
        Column catalog = new Column("CATALOG", member -> catalog(member, version));
        Column since = new Column("SINCE", member -> member.since().map(Times::of).orElse("?"));
        Column source = new Column("SAYS", MemberStatus::source);
        Column pid = new Column("PID", member -> member.pid().map(Object::toString).orElse("-"));
        Column timeline =
                new Column(
                        "TIMELINE", member -> member.timeline().map(Object::toString).orElse("-"));
        return List.of(
                List.of(node, found),
                List.of(node, wanted, found),
                List.of(node, wanted, found, catalog),
                List.of(node, kind, wanted, found, catalog),
                List.of(node, kind, address, wanted, found, catalog),
                List.of(node, kind, address, wanted, found, catalog, since),
                List.of(node, kind, address, wanted, found, source, catalog, since),
                List.of(node, kind, address, wanted, found, source, catalog, since, pid),
                List.of(node, kind, address, wanted, found, source, catalog, since, pid, timeline));
    }

    private static List<String> table(List<MemberStatus> members, List<Column> columns) {
        Table table = new Table(columns.stream().map(Column::heading).toArray(String[]::new));
        for (MemberStatus member : members) {
            table.row(
                    columns.stream()
                            .map(column -> column.cell().apply(member))
                            .toArray(String[]::new));
        }
        return table.lines();
    }

    /** Whether its catalogs match the topology. */
    private static String catalog(MemberStatus member, Optional<Integer> version) {
        if (member.appliedTopology().isEmpty() || version.isEmpty()) {
            return "?";
        } else if (member.appliedTopology().equals(version)) {
            return "current";
        }
        int applied = member.appliedTopology().get();
        return applied < 0 ? "none" : "at " + applied;
    }

    private static List<String> wrapped(String text, int width) {
        String indent = text.startsWith("    ") ? "    " : "";
        return Table.wrapped(text, indent, width);
    }
}
