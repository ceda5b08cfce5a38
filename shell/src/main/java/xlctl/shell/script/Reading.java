package xlctl.shell.script;

import java.nio.file.Path;
import java.time.Clock;
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
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.AuthorityAnswer;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.shell.answer.Format;
import xlctl.shell.answer.HistoryAnswer;
import xlctl.shell.answer.HostMatrixAnswer;
import xlctl.shell.answer.HostsAnswer;
import xlctl.shell.answer.MonitorAnswer;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;
import xlctl.shell.answer.SettingsAnswer;
import xlctl.shell.answer.StackFileAnswer;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.answer.SwarmAnswer;
import xlctl.shell.answer.TablesAnswer;
import xlctl.shell.language.Help;
import xlctl.shell.language.Statement;
import xlctl.shell.language.Statement.ShowConfig;
import xlctl.shell.render.AnswerWriter;
import xlctl.shell.render.ProblemText;
import xlctl.shell.settings.Settings;
import xlctl.store.StoreException;
import xlctl.swarm.Docker;
import xlctl.swarm.StackFile;
import xlctl.swarm.SwarmReport;
import xlctl.topology.ClusterName;
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
    private final Watching watching;

    Reading(Settings settings, Console console, Supplier<ClusterControl> cluster, Docker docker) {
        this.settings = settings;
        this.console = console;
        this.cluster = cluster;
        this.docker = docker;
        this.watching = new Watching(console, Clock.systemUTC());
    }

    ExitCode answer(Item item) {
        Statement statement = item.statement();
        if (statement instanceof Statement.Formatted formatted) {
            return answer(item, formatted.reading(), formatted.format());
        } else if (statement instanceof Statement.Reading asked) {
            return answer(item, asked, settings.output());
        } else if (statement instanceof Statement.Watched watched) {
            return watch(item, watched);
        } else if (statement instanceof Statement.Help help) {
            return help(item, help.topic());
        }
        throw new IllegalStateException("no reading statement: " + statement);
    }

    /** In the format of the settings. */
    void print(Answer answer) {
        print(answer, settings.output());
    }

    private void print(Answer answer, Format format) {
        new AnswerWriter(console::print, console::report, console.screen()).write(answer, format);
    }

    private ExitCode answer(Item item, Statement.Reading asked, Format format) {
        if (asked instanceof Statement.Monitor monitor) {
            return monitor(item, monitor, format);
        } else if (asked instanceof Statement.SwarmStatus) {
            SwarmAnswer swarm = swarm();
            print(swarm, format);
            return exit(swarm.healthy());
        } else if (asked instanceof Statement.Status) {
            StatusAnswer status = status();
            print(status, format);
            return exit(status.healthy());
        } else if (asked instanceof Statement.HostMatrix) {
            HostMatrixAnswer matrix = HostMatrixAnswer.of(cluster.get().hostMatrix());
            print(matrix, format);
            return exit(matrix.open());
        } else if (asked instanceof ShowConfig show) {
            return showConfig(item, show, format);
        } else if (asked instanceof Statement.ShowOperation show) {
            return showOperation(item, show.number(), format);
        } else if (asked instanceof Statement.ShowAuthority) {
            return showAuthority(item, format);
        }
        print(plain(asked), format);
        return ExitCode.DONE;
    }

    /** The answers that are good whatever they say. */
    private Answer plain(Statement.Reading asked) {
        if (asked instanceof Statement.ShowResource show) {
            return TablesAnswer.of(
                    show.datanode(),
                    show.database(),
                    cluster.get().storedTables(show.datanode(), show.database(), show.owner()));
        } else if (asked instanceof Statement.ListHosts) {
            return HostsAnswer.of(cluster.get().hosts());
        } else if (asked instanceof Statement.ListOperations) {
            return OperationsAnswer.of(cluster.get().operations());
        } else if (asked instanceof Statement.SwarmRender) {
            ClusterName name = settings.requiredCluster();
            return new StackFileAnswer(name.value(), StackFile.of(docker, name));
        } else if (asked instanceof Statement.History) {
            return HistoryAnswer.of(console.history());
        } else if (asked instanceof Statement.ShowSettings) {
            return settings(settings);
        }
        throw new IllegalStateException("no answer to " + asked);
    }

    static SettingsAnswer settings(Settings settings) {
        return new SettingsAnswer(
                settings.home().directory().toString(),
                settings.all().stream()
                        .map(
                                each ->
                                        new SettingsAnswer.Setting(
                                                each.key().keyName(),
                                                Optional.of(each.value()),
                                                each.origin()))
                        .toList());
    }

    private ExitCode monitor(Item item, Statement.Monitor monitor, Format format) {
        Monitored monitored = monitored(monitor);
        if (monitored.emptied().isPresent()) {
            console.report(item.where() + ": monitor: the cluster's records are lost");
            console.report(ProblemText.of(List.of(monitored.emptied().get())));
            return ExitCode.NOT_AS_ASKED;
        }
        if (monitored.empty()) {
            console.report("The cluster has no nodes yet: begin with add gtm master.");
        }
        if (monitored.problems().isEmpty()) {
            print(monitored.answer(), format);
            return exit(monitored.answer().healthy());
        }
        if (!monitored.answer().members().isEmpty()) {
            print(monitored.answer().incomplete(), format);
        }
        return refuse(item, "monitor", monitored.problems());
    }

    /** What became of a look, and what of it was asked for in vain. */
    private record Monitored(
            MonitorAnswer answer,
            List<Problem> problems,
            boolean empty,
            Optional<Problem> emptied) {}

    private Monitored monitored(Statement.Monitor monitor) {
        ClusterView view = cluster.get().look();
        Selection selection = Selection.of(monitor.target(), view);
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
        return new Monitored(
                MonitorAnswer.of(members, view.hosts()),
                problems,
                view.members().isEmpty(),
                view.emptied());
    }

    /** Names that mean nothing at the first look are refused; later they may come and go. */
    private ExitCode watch(Item item, Statement.Watched watched) {
        if (watched.reading() instanceof Statement.Monitor monitor) {
            List<Problem> problems = monitored(monitor).problems();
            if (!problems.isEmpty()) {
                return refuse(item, "monitor", problems);
            }
        }
        watching.watch(
                () ->
                        watched.reading() instanceof Statement.Monitor monitor
                                ? monitored(monitor).answer()
                                : status(),
                watched.interval(),
                watched.format().orElseGet(settings::output));
        return ExitCode.DONE;
    }

    /** Ends a watch that goes on; false when none does. */
    boolean endWatch() {
        return watching.end();
    }

    /** Whether the watch that goes on would end only when it has looked. */
    boolean isLooking() {
        return watching.isLooking();
    }

    private StatusAnswer status() {
        return StatusAnswer.of(cluster.get().look(), cluster.get().store());
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

    private ExitCode showConfig(Item item, ShowConfig show, Format format) {
        ClusterView view = cluster.get().look();
        if (view.emptied().isPresent()) {
            return refuse(item, "show config", List.of(view.emptied().get()));
        }
        Path home = settings.home().directory();
        List<Problem> unknown = List.of();
        ConfigAnswer answer = ConfigAnswer.everything(view, home);
        if (show.part() instanceof ShowConfig.Common) {
            answer = ConfigAnswer.head(view, home);
        } else if (show.part() instanceof ShowConfig.OfHosts some) {
            unknown = Selection.unknown(some.hosts(), view);
            answer = ConfigAnswer.ofHosts(view, some.hosts());
        } else if (show.part() instanceof ShowConfig.Members some) {
            Selection selection = Selection.of(some.target(), view);
            unknown = selection.problems();
            answer = ConfigAnswer.ofMembers(view, selection.members());
        }
        if (!unknown.isEmpty()) {
            return refuse(item, "show config", unknown);
        }
        print(answer, format);
        return ExitCode.DONE;
    }

    private ExitCode showAuthority(Item item, Format format) {
        Optional<String> authority = cluster.get().certificateAuthority();
        if (authority.isEmpty()) {
            Problem problem =
                    Problem.of(
                            "the cluster has no certificates: it has no TLS, or no members yet",
                            "see which: show config basic");
            return refuse(item, "show ca", List.of(problem));
        }
        print(new AuthorityAnswer(settings.requiredCluster().value(), authority.get()), format);
        return ExitCode.DONE;
    }

    private ExitCode showOperation(Item item, long number, Format format) {
        Optional<OperationView> operation = cluster.get().operation(number);
        if (operation.isEmpty()) {
            Problem problem =
                    Problem.of(
                            "there is no operation " + number,
                            "operation list shows those that are kept");
            return refuse(item, "operation show", List.of(problem));
        }
        print(OperationAnswer.of(operation.get()), format);
        return ExitCode.DONE;
    }

    /** What Docker has, with the members in it where ZooKeeper can be reached from here. */
    private SwarmAnswer swarm() {
        SwarmReport report = SwarmReport.of(docker, settings.requiredCluster());
        try {
            return SwarmAnswer.with(report, cluster.get().look().members());
        } catch (StoreException | InvalidValueException e) {
            return SwarmAnswer.without(report, e.getMessage());
        }
    }

    private ExitCode help(Item item, List<String> topic) {
        List<String> lines = topic.isEmpty() ? Help.overview() : Help.of(topic);
        if (lines.isEmpty()) {
            console.report(item.where() + ": " + Help.unknown(topic));
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

    private static ExitCode exit(boolean healthy) {
        return healthy ? ExitCode.DONE : ExitCode.NOT_AS_ASKED;
    }
}
