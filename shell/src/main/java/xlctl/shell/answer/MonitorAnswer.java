package xlctl.shell.answer;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import xlctl.monitor.HostView;
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
     * @param expires when the certificate of its host ends; empty where there is none, or that is
     *     not known
     */
    public record Member(
            String node,
            String kind,
            String role,
            String host,
            boolean running,
            boolean healthy,
            List<String> warnings,
            Optional<Instant> expires) {
        public Member {
            warnings = List.copyOf(warnings);
        }

        static Member of(MemberView view, List<HostView> hosts) {
            return new Member(
                    view.instance().name().node().value(),
                    view.kind().word(),
                    view.role().word(),
                    view.instance().host().value(),
                    view.running(),
                    view.healthy(),
                    view.warnings(),
                    hosts.stream()
                            .filter(host -> host.host().equals(view.instance().host()))
                            .flatMap(host -> host.report().stream())
                            .flatMap(report -> report.certificateUntil().stream())
                            .findFirst());
        }
    }

    public MonitorAnswer {
        members = List.copyOf(members);
    }

    /**
     * @param members those that were asked about
     * @param hosts all that are known
     */
    public static MonitorAnswer of(List<MemberView> members, List<HostView> hosts) {
        return new MonitorAnswer(
                members.stream().allMatch(MemberView::healthy),
                members.stream().map(member -> Member.of(member, hosts)).toList());
    }

    /** What there is of it, when not all could be found that was asked about. */
    public MonitorAnswer incomplete() {
        return new MonitorAnswer(false, members);
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
