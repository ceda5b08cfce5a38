package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;
import xlctl.monitor.MemberView;

/** The lines of {@code monitor}, which scripts look for: they never change. */
public final class MonitorText {
    private MonitorText() {}

    /** For standard output, one a member. */
    public static String line(MemberView member) {
        return (member.running() ? "Running: " : "Not running: ") + label(member);
    }

    /** For standard error, one for each thing that is not as it should be. */
    public static List<String> warnings(MemberView member) {
        List<String> lines = new ArrayList<>();
        for (String warning : member.warnings()) {
            lines.add("Warning: " + label(member) + ": " + warning);
        }
        return lines;
    }

    /**
     * {@code coordinator master coord_m_1}; as in pgxc_ctl the GTM goes without its name, a proxy
     * without a role.
     */
    static String label(MemberView member) {
        String role = member.kind() + " " + member.role();
        return switch (member.kind()) {
            case GTM -> role;
            case GTM_PROXY -> "gtm proxy " + member.instance().name().node();
            case COORDINATOR, DATANODE -> role + " " + member.instance().name().node();
        };
    }
}
