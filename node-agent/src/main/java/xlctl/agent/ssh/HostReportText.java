package xlctl.agent.ssh;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import xlctl.agent.api.Reply;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;

/** A host's report as plain text for a terminal. */
final class HostReportText {
    private HostReportText() {}

    static String of(AgentIdentity identity, Reply.HostReport report) {
        StringBuilder text = new StringBuilder();
        text.append(table(facts(identity, report)));
        if (!report.instances().isEmpty()) {
            List<List<String>> rows = new ArrayList<>();
            rows.add(List.of("INSTANCE", "STATE", "ROLE", "TIMELINE", "PID", "SINCE", "WHY"));
            report.instances().forEach(instance -> rows.add(row(instance)));
            text.append('\n').append(table(rows));
        }
        List<Problem> problems = new ArrayList<>(report.engine().problems());
        problems.addAll(report.problems());
        if (!problems.isEmpty()) {
            text.append("\nproblems:\n");
            problems.forEach(problem -> text.append("- ").append(line(problem)).append('\n'));
        }
        return text.toString();
    }

    private static List<List<String>> facts(AgentIdentity identity, Reply.HostReport report) {
        Reply.EngineReport engine = report.engine();
        List<List<String>> facts = new ArrayList<>();
        facts.add(List.of("host", line(report.host())));
        facts.add(List.of("cluster", line(identity.cluster())));
        facts.add(List.of("agent", line(report.agentVersion())));
        facts.add(
                List.of(
                        "engine",
                        line(
                                engine.kind()
                                        + " "
                                        + engine.version().orElse("of unknown version")
                                        + (engine.home().isEmpty()
                                                ? ""
                                                : " in " + engine.home()))));
        for (Reply.DataRoot root : report.dataRoots()) {
            facts.add(
                    List.of(
                            "data root",
                            line(root.path() + ", " + bytes(root.freeBytes()) + " free")));
        }
        facts.add(List.of("ZooKeeper", report.storeConnected() ? "connected" : "not connected"));
        facts.add(
                List.of(
                        "topology",
                        report.appliedTopology() < 0
                                ? "none applied"
                                : "version " + report.appliedTopology() + " applied"));
        return facts;
    }

    private static List<String> row(InstanceReport instance) {
        return List.of(
                line(instance.instance()),
                instance.state().name().toLowerCase(Locale.ROOT),
                instance.role().map(Object::toString).orElse("-"),
                instance.timeline().map(Object::toString).orElse("-"),
                instance.pid().map(Object::toString).orElse("-"),
                instance.since().truncatedTo(ChronoUnit.SECONDS).toString(),
                line(instance.why()));
    }

    /** Columns two blanks apart, as wide as their widest cell. */
    private static String table(List<List<String>> rows) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
            }
            text.append(line.toString().stripTrailing()).append('\n');
        }
        return text.toString();
    }

    private static String line(Object value) {
        return value.toString().replaceAll("\\p{Cntrl}+", " ");
    }

    private static String bytes(long count) {
        if (count < 1_000_000_000L) {
            return count / 1_000_000 + " MB";
        }
        return String.format(Locale.ROOT, "%.1f GB", count / 1e9);
    }
}
