package xlctl.shell.answer;

import java.util.List;
import xlctl.monitor.MemberView;

/**
 * {@code monitor}.
 *
 * @param healthy whether all of them run as wanted
 */
public record MonitorAnswer(boolean healthy, List<Member> members) implements Answer {
    /**
     * A member.
     *
     * @param role the one it should have
     * @param running whether its server answers
     * @param healthy whether it runs and nothing is wrong with it
     * @param warnings what is wrong with it
     */
    public record Member(
            String node,
            String kind,
            String role,
            String host,
            boolean running,
            boolean healthy,
            List<String> warnings) {
        public Member {
            warnings = List.copyOf(warnings);
        }

        static Member of(MemberView view) {
            return new Member(
                    view.instance().name().node().value(),
                    view.kind().word(),
                    view.role().word(),
                    view.instance().host().value(),
                    view.running(),
                    view.healthy(),
                    view.warnings());
        }
    }

    public MonitorAnswer {
        members = List.copyOf(members);
    }

    public static MonitorAnswer of(List<MemberView> members) {
        return new MonitorAnswer(
                members.stream().allMatch(MemberView::healthy),
                members.stream().map(Member::of).toList());
    }

    @Override
    public String kind() {
        return "monitor";
    }

    @Override
    public Rows rows() {
        return new Rows(Member.class, members);
    }
}
