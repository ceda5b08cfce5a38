package xlctl.shell.answer;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.monitor.MemberView;
import xlctl.topology.EngineKind;
import xlctl.topology.InstanceReport;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/**
 * A member as {@code status} shows it.
 *
 * @param wanted the role it should have
 * @param found what the server says it is, {@code master}; {@code answers} when its agent is silent
 *     and the server is not; {@code silent} when neither speaks; else why it says nothing
 * @param source who said so: {@code agent}, {@code server} or {@code nobody}
 * @param since since when it is so; empty when nobody knows
 * @param timeline of its WAL, where the engine has one
 * @param pid of the server's first process
 * @param appliedTopology the version of the topology that its catalogs match, -1 for none; empty
 *     when that is not known
 * @param warnings why it is not healthy
 * @param next what to do about the first of them, where anything is to be done
 * @param notes what to know of it although nothing is wrong
 */
public record MemberStatus(
        String node,
        String instance,
        String kind,
        String host,
        String address,
        String wanted,
        String found,
        String source,
        boolean running,
        boolean healthy,
        Optional<Instant> since,
        Optional<Long> timeline,
        Optional<Long> pid,
        Optional<Integer> appliedTopology,
        List<String> warnings,
        Optional<String> next,
        List<String> notes) {
    public MemberStatus {
        warnings = List.copyOf(warnings);
        notes = List.copyOf(notes);
    }

    static MemberStatus of(MemberView member, ClusterView cluster) {
        Optional<InstanceReport> report = member.report();
        return new MemberStatus(
                member.instance().name().node().value(),
                member.instance().name().toString(),
                member.kind().word(),
                member.instance().host().value(),
                member.instance().address().toString(),
                member.role().word(),
                found(member),
                member.source().name().toLowerCase(Locale.ROOT),
                member.running(),
                member.healthy(),
                report.map(InstanceReport::since),
                report.flatMap(InstanceReport::timeline),
                report.flatMap(InstanceReport::pid),
                member.appliedTopology().isPresent()
                        ? Optional.of(member.appliedTopology().getAsInt())
                        : Optional.empty(),
                member.warnings(),
                member.healthy() ? Optional.empty() : next(member, cluster),
                report.map(InstanceReport::notes).orElse(List.of()));
    }

    private static String found(MemberView member) {
        return switch (member.source()) {
            case NOBODY -> member.running() ? "running" : "silent";
            case SERVER -> member.running() ? "answers" : "down";
            case AGENT ->
                    member.report()
                            .map(MemberStatus::found)
                            .orElse(member.running() ? "running" : "unknown");
        };
    }

    private static String found(InstanceReport report) {
        return report.state() == InstanceReport.State.UP
                ? report.role().map(Object::toString).orElse("up")
                : report.state().name().toLowerCase(Locale.ROOT);
    }

    private static Optional<String> next(MemberView member, ClusterView cluster) {
        Optional<HostView> host =
                cluster.hosts().stream()
                        .filter(view -> view.host().equals(member.instance().host()))
                        .findFirst();
        String name = member.instance().host().value();
        if (member.report().isPresent()) {
            InstanceReport report = member.report().get();
            return inTheWay(report, host)
                    .or(() -> next(report, member, cluster))
                    .or(() -> remedy(host));
        } else if (host.isEmpty() || member.source() == MemberView.Source.AGENT) {
            return remedy(host);
        } else if (host.get().record().isEmpty()) {
            return Optional.of("host accept " + name);
        } else if (host.get().keyChanged()) {
            return Optional.of("compare the keys, then host accept " + name);
        }
        return remedy(host);
    }

    /** What its agent says is to be done before it runs. */
    private static Optional<String> inTheWay(InstanceReport report, Optional<HostView> host) {
        return switch (report.state()) {
            case STARTING, DOWN ->
                    host.flatMap(HostView::report).stream()
                            .flatMap(of -> of.problems().stream())
                            .filter(problem -> problem.what().startsWith(report.instance() + " "))
                            .map(Problem::remedy)
                            .filter(remedy -> !remedy.isEmpty())
                            .findFirst();
            default -> Optional.empty();
        };
    }

    /** An agent starts by itself what it found down; what was stopped stays so. */
    private static Optional<String> next(
            InstanceReport report, MemberView member, ClusterView cluster) {
        return switch (report.state()) {
            case UP -> Optional.empty();
            case STARTING, DOWN ->
                    Optional.of(
                            "its agent starts it; if it stays "
                                    + report.state().name().toLowerCase(Locale.ROOT)
                                    + ", its log on "
                                    + member.instance().host()
                                    + " says why");
            case SILENT ->
                    withoutGtm(
                            member,
                            cluster,
                            "if it stays silent: see its log on "
                                    + member.instance().host()
                                    + ", or kill "
                                    + member.instance().name().node()
                                    + ", then start "
                                    + member.instance().name().node());
            case REFUSING ->
                    withoutGtm(
                            member,
                            cluster,
                            "see why it says no; its log on "
                                    + member.instance().host()
                                    + " may say more");
            case STOPPING ->
                    Optional.of("if it stays stopping: kill " + member.instance().name().node());
            case STOPPED, PREPARED -> Optional.of("start " + member.instance().name().node());
        };
    }

    /** Without its GTM no server of the real engines does anything, whatever is tried with it. */
    private static Optional<String> withoutGtm(
            MemberView of, ClusterView cluster, String otherwise) {
        boolean needsOne =
                of.kind() != NodeKind.GTM
                        && cluster.topology()
                                .filter(found -> found.value().engine() != EngineKind.POSTGRESQL)
                                .isPresent();
        return cluster.members().stream()
                .filter(member -> needsOne && member.kind() == NodeKind.GTM)
                .filter(gtm -> gtm.report().isPresent() && !gtm.running())
                .map(gtm -> "see to " + gtm.instance().name().node() + " first: it does not run")
                .findFirst()
                .or(() -> Optional.of(otherwise));
    }

    private static Optional<String> remedy(Optional<HostView> host) {
        return host.flatMap(
                view ->
                        view.unreachable()
                                .or(
                                        () ->
                                                view.report()
                                                        .flatMap(
                                                                report ->
                                                                        report.problems().stream()
                                                                                .findFirst()))
                                .map(Problem::remedy)
                                .filter(remedy -> !remedy.isEmpty()));
    }
}
