package xlctl.shell.script;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationView;
import xlctl.monitor.ClusterView;
import xlctl.monitor.DeepView;
import xlctl.monitor.MemberView;
import xlctl.shell.language.Help;
import xlctl.shell.language.Statement;
import xlctl.shell.language.Statement.ShowConfig;
import xlctl.shell.render.ConfigText;
import xlctl.shell.render.HostText;
import xlctl.shell.render.MonitorText;
import xlctl.shell.render.OperationText;
import xlctl.shell.render.ProblemText;
import xlctl.shell.render.ResourceText;
import xlctl.shell.render.SettingsText;
import xlctl.shell.render.StatusText;
import xlctl.shell.render.SwarmText;
import xlctl.shell.settings.Settings;
import xlctl.store.StoreException;
import xlctl.swarm.Docker;
import xlctl.swarm.StackFile;
import xlctl.swarm.SwarmReport;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InvalidValueException;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The statements that change nothing. */
final class Reading {
    private final Settings settings;
    private final Console console;
    private final Supplier<ClusterControl> cluster;
    private final Docker docker;

    Reading(Settings settings, Console console, Supplier<ClusterControl> cluster, Docker docker) {
        this.settings = settings;
        this.console = console;
        this.cluster = cluster;
        this.docker = docker;
    }

    ExitCode answer(Item item) {
        Statement statement = item.statement();
        if (statement instanceof Statement.Monitor monitor) {
            return monitor(item, monitor);
        } else if (statement instanceof Statement.Status) {
            ClusterView view = cluster.get().look();
            console.print(StatusText.of(view));
            return health(view.members());
        } else if (statement instanceof ShowConfig show) {
            return showConfig(item, show);
        } else if (statement instanceof Statement.ShowResource show) {
            console.print(
                    ResourceText.of(
                            show.datanode(),
                            cluster.get()
                                    .storedTables(show.datanode(), show.database(), show.owner())));
        } else if (statement instanceof Statement.ShowAuthority) {
            return showAuthority(item);
        } else if (statement instanceof Statement.ListHosts) {
            console.print(HostText.list(cluster.get().hosts()));
        } else if (statement instanceof Statement.ListOperations) {
            console.print(OperationText.list(cluster.get().operations()));
        } else if (statement instanceof Statement.ShowOperation show) {
            return showOperation(item, show.number());
        } else if (statement instanceof Statement.SwarmStatus) {
            return swarmStatus();
        } else if (statement instanceof Statement.SwarmRender) {
            console.print(StackFile.of(docker, settings.requiredCluster()).lines().toList());
        } else if (statement instanceof Statement.History) {
            console.print(console.history());
        } else if (statement instanceof Statement.ShowSettings) {
            console.print(SettingsText.of(settings));
        } else if (statement instanceof Statement.Help help) {
            return help(item, help.command());
        } else {
            throw new IllegalStateException("no reading statement: " + statement);
        }
        return ExitCode.DONE;
    }

    private ExitCode monitor(Item item, Statement.Monitor monitor) {
        ClusterView view = cluster.get().look();
        Selection selection = Selection.of(monitor.target(), view);
        if (view.members().isEmpty()) {
            console.report("The cluster has no nodes yet: begin with add gtm master.");
        }
        List<Problem> problems = new ArrayList<>(selection.problems());
        List<MemberView> members = selection.members();
        if (monitor.deep()) {
            if (problems.isEmpty() && members.stream().noneMatch(Reading::isCoordinator)) {
                problems.add(
                        Problem.of(
                                "there is no coordinator to read and write through",
                                "monitor --deep all tries all there are"));
            }
            members = triedDeeply(members);
        }
        for (MemberView member : members) {
            console.print(MonitorText.line(member));
            console.report(MonitorText.warnings(member));
        }
        return problems.isEmpty() ? health(members) : refuse(item, "monitor", problems);
    }

    /** The same members, warned of where reading or writing through them failed. */
    private List<MemberView> triedDeeply(List<MemberView> members) {
        Map<InstanceName, String> troubles = new HashMap<>();
        List<Instance> coordinators =
                members.stream()
                        .filter(Reading::isCoordinator)
                        .filter(MemberView::running)
                        .map(MemberView::instance)
                        .toList();
        for (DeepView view : cluster.get().lookDeep(coordinators)) {
            view.trouble().ifPresent(trouble -> troubles.put(view.coordinator(), trouble));
        }
        return members.stream()
                .map(
                        member ->
                                Optional.ofNullable(troubles.get(member.instance().name()))
                                        .map(member::warned)
                                        .orElse(member))
                .toList();
    }

    private static boolean isCoordinator(MemberView member) {
        return member.kind() == NodeKind.COORDINATOR;
    }

    private ExitCode showConfig(Item item, ShowConfig show) {
        ClusterView view = cluster.get().look();
        if (show.part() instanceof ShowConfig.Everything) {
            console.print(ConfigText.everything(view, settings.home()));
        } else if (show.part() instanceof ShowConfig.Common) {
            console.print(ConfigText.common(view, settings.home()));
        } else if (show.part() instanceof ShowConfig.OfHosts some) {
            List<Problem> unknown = Selection.unknown(some.hosts(), view);
            if (!unknown.isEmpty()) {
                return refuse(item, "show config", unknown);
            }
            console.print(ConfigText.ofHosts(view, some.hosts()));
        } else if (show.part() instanceof ShowConfig.Members some) {
            Selection selection = Selection.of(some.target(), view);
            if (!selection.problems().isEmpty()) {
                return refuse(item, "show config", selection.problems());
            }
            console.print(ConfigText.members(view, selection.members()));
        }
        return ExitCode.DONE;
    }

    private ExitCode showAuthority(Item item) {
        Optional<String> authority = cluster.get().certificateAuthority();
        if (authority.isEmpty()) {
            Problem problem =
                    Problem.of(
                            "the cluster has no certificates: it has no TLS, or no members yet",
                            "see which: show config basic");
            return refuse(item, "show ca", List.of(problem));
        }
        console.print(authority.get().lines().toList());
        return ExitCode.DONE;
    }

    private ExitCode showOperation(Item item, long number) {
        Optional<OperationView> operation = cluster.get().operation(number);
        if (operation.isEmpty()) {
            Problem problem =
                    Problem.of(
                            "there is no operation " + number,
                            "operation list shows those that are kept");
            return refuse(item, "operation show", List.of(problem));
        }
        console.print(OperationText.full(operation.get()));
        return ExitCode.DONE;
    }

    /** What Docker has, with the members in it where ZooKeeper can be reached from here. */
    private ExitCode swarmStatus() {
        SwarmReport report = SwarmReport.of(docker, settings.requiredCluster());
        SwarmText text;
        boolean healthy = report.services().stream().allMatch(SwarmReport.Service::running);
        try {
            List<MemberView> members = cluster.get().look().members();
            text = SwarmText.with(report, members);
            healthy &= members.stream().allMatch(MemberView::healthy);
        } catch (StoreException | InvalidValueException e) {
            text = SwarmText.without(report, e.getMessage());
        }
        console.print(text.lines());
        console.report(text.warnings());
        return healthy ? ExitCode.DONE : ExitCode.NOT_AS_ASKED;
    }

    private ExitCode help(Item item, Optional<String> command) {
        List<String> lines = command.map(Help::of).orElseGet(Help::overview);
        if (lines.isEmpty()) {
            console.report(item.where() + ": " + Help.unknown(command.orElseThrow()));
            return ExitCode.MALFORMED;
        }
        console.print(lines);
        return ExitCode.DONE;
    }

    private ExitCode refuse(Item item, String what, List<Problem> problems) {
        console.report(item.where() + ": " + what + ": refused");
        console.report(ProblemText.of(problems));
        return ExitCode.REFUSED;
    }

    private static ExitCode health(List<MemberView> members) {
        return members.stream().allMatch(MemberView::healthy)
                ? ExitCode.DONE
                : ExitCode.NOT_AS_ASKED;
    }
}
