package xlctl.shell.render;

import java.util.List;
import xlctl.shell.answer.MonitorAnswer;

/** The lines of {@code monitor}, which scripts look for: they never change. */
final class MonitorText {
    private MonitorText() {}

    /** For standard output, one a member. */
    static String line(MonitorAnswer.Member member) {
        return (member.running() ? "Running: " : "Not running: ") + label(member);
    }

    /** For standard error, one for each thing that is not as it should be. */
    static List<String> warnings(MonitorAnswer.Member member) {
        return member.warnings().stream()
                .map(warning -> "Warning: " + label(member) + ": " + warning)
                .toList();
    }

    /**
     * {@code coordinator master coord_m_1}; as in pgxc_ctl the GTM goes without its name, a proxy
     * without a role.
     */
    private static String label(MonitorAnswer.Member member) {
        String role = member.kind() + " " + member.role();
        return switch (member.kind()) {
            case "gtm" -> role;
            case "gtm_proxy" -> "gtm proxy " + member.node();
            default -> role + " " + member.node();
        };
    }
}
