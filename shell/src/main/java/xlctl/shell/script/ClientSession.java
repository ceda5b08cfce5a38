package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import xlctl.controller.ClientLogin;
import xlctl.controller.ExitCode;
import xlctl.controller.RefusedException;
import xlctl.monitor.MemberView;
import xlctl.monitor.MemberView.Source;
import xlctl.shell.access.Psql;
import xlctl.shell.language.Statement;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** A client's session on a coordinator that runs, by PostgreSQL's own client. */
final class ClientSession {
    private static final int NOT_REACHED = 2;

    private final Console console;
    private final ClusterControl cluster;
    private final Psql program;

    ClientSession(Console console, ClusterControl cluster, Psql program) {
        this.console = console;
        this.cluster = cluster;
        this.program = program;
    }

    ExitCode run(Item item, Statement.Psql psql) {
        ClientLogin login = cluster.clientLogin();
        Optional<ClientLogin.Coordinator> coordinator = choose(login, psql.coordinator());
        if (coordinator.isEmpty()) {
            console.report(
                    item.where()
                            + ": psql: "
                            + psql.coordinator()
                                    .map(name -> "coordinator " + name + " does not run")
                                    .orElse("no coordinator runs")
                            + " (start coordinator all)");
            return ExitCode.UNREACHABLE;
        }
        int exit = console.handOver(() -> program.run(login, coordinator.get(), psql.words()));
        if (exit == 0) {
            return ExitCode.DONE;
        }
        return exit == NOT_REACHED ? ExitCode.UNREACHABLE : ExitCode.NOT_AS_ASKED;
    }

    private Optional<ClientLogin.Coordinator> choose(ClientLogin login, Optional<NodeName> wanted) {
        List<ClientLogin.Coordinator> all = login.coordinators();
        wanted.filter(name -> all.stream().noneMatch(each -> each.name().equals(name)))
                .ifPresent(
                        name -> {
                            throw new RefusedException(
                                    Problem.of(
                                            name + " is not a coordinator",
                                            "the coordinators are "
                                                    + all.stream()
                                                            .map(each -> each.name().value())
                                                            .collect(Collectors.joining(", "))));
                        });
        List<ClientLogin.Coordinator> meant =
                all.stream().filter(each -> wanted.map(each.name()::equals).orElse(true)).toList();
        List<MemberView> seen =
                cluster.look().members().stream()
                        .filter(member -> member.kind() == NodeKind.COORDINATOR)
                        .toList();
        return firstOf(meant, seen, MemberView::running)
                .or(() -> firstOf(meant, seen, member -> member.source() == Source.NOBODY));
    }

    /** One of which nobody could say whether it runs may still be tried. */
    private static Optional<ClientLogin.Coordinator> firstOf(
            List<ClientLogin.Coordinator> meant, List<MemberView> seen, Predicate<MemberView> how) {
        Set<NodeName> fit =
                seen.stream()
                        .filter(how)
                        .map(member -> member.instance().name().node())
                        .collect(Collectors.toSet());
        return meant.stream().filter(each -> fit.contains(each.name())).findFirst();
    }
}
