package xlctl.shell.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.command.Target;
import xlctl.monitor.ClusterView;
import xlctl.monitor.MemberView;
import xlctl.text.NearNames;
import xlctl.topology.HostName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** The members a target means, and the names in it that mean none. */
record Selection(List<MemberView> members, List<Problem> problems) {
    Selection {
        members = List.copyOf(members);
        problems = List.copyOf(problems);
    }

    static Selection of(Target target, ClusterView view) {
        List<Problem> problems = new ArrayList<>();
        for (NodeName name : target.names()) {
            problem(name, target.kind(), view).ifPresent(problems::add);
        }
        List<MemberView> members =
                view.members().stream()
                        .filter(member -> target.kind().stream().allMatch(member.kind()::equals))
                        .filter(member -> target.role().stream().allMatch(member.role()::equals))
                        .filter(
                                member ->
                                        target.names().isEmpty()
                                                || target.names()
                                                        .contains(member.instance().name().node()))
                        .toList();
        if (members.isEmpty() && problems.isEmpty() && target.kind().isPresent()) {
            problems.add(
                    Problem.of(
                            "the cluster has no " + target.kind().get(),
                            "status shows what it has"));
        }
        return new Selection(members, problems);
    }

    /** Hosts without a member are problems. */
    static List<Problem> unknown(List<HostName> hosts, ClusterView view) {
        List<String> known =
                view.members().stream()
                        .map(member -> member.instance().host().value())
                        .distinct()
                        .toList();
        return hosts.stream()
                .filter(host -> !known.contains(host.value()))
                .map(host -> unknown("host with a member", host.value(), known))
                .toList();
    }

    private static Optional<Problem> problem(
            NodeName name, Optional<NodeKind> wanted, ClusterView view) {
        Optional<MemberView> found =
                view.members().stream()
                        .filter(member -> member.instance().name().node().equals(name))
                        .findFirst();
        if (found.isEmpty()) {
            return Optional.of(unknown("node", name.value(), names(wanted, view)));
        }
        return wanted.filter(kind -> kind != found.get().kind())
                .map(
                        kind ->
                                Problem.of(
                                        name + " is no " + kind + " but a " + found.get().kind(),
                                        "leave the kind out, or name a " + kind));
    }

    private static List<String> names(Optional<NodeKind> kind, ClusterView view) {
        return view.members().stream()
                .filter(member -> kind.stream().allMatch(member.kind()::equals))
                .map(member -> member.instance().name().node().value())
                .distinct()
                .toList();
    }

    private static Problem unknown(String what, String name, List<String> known) {
        String question = NearNames.question(name, known);
        return Problem.of(
                "there is no " + what + " " + name,
                question.isEmpty() ? "status shows what there is" : question);
    }
}
