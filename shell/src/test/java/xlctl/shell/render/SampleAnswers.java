package xlctl.shell.render;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.controller.ExitCode;
import xlctl.controller.OperationView;
import xlctl.controller.PlannedCommand;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.monitor.StoreView;
import xlctl.monitor.StoredTable;
import xlctl.plan.Action;
import xlctl.plan.Plan;
import xlctl.plan.Step;
import xlctl.plan.TopologyChange;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.AuthorityAnswer;
import xlctl.shell.answer.ChangeAnswer;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.shell.answer.HistoryAnswer;
import xlctl.shell.answer.HostMatrixAnswer;
import xlctl.shell.answer.HostsAnswer;
import xlctl.shell.answer.MonitorAnswer;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;
import xlctl.shell.answer.PlansAnswer;
import xlctl.shell.answer.SettingsAnswer;
import xlctl.shell.answer.StackFileAnswer;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.answer.SwarmAnswer;
import xlctl.shell.answer.TablesAnswer;
import xlctl.shell.script.Clusters;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.SqlName;

/** One answer of each kind, and more where they differ much. */
final class SampleAnswers {
    private static final ClusterView TROUBLED =
            new ClusterView(
                    Clusters.empty().cluster(),
                    troubled().topology(),
                    troubled().members(),
                    hosts(),
                    Optional.of(
                            new LockHolder("anna", "host-9 (4711)", "start all", Clusters.NOON)),
                    List.of(header(3, OperationHeader.State.STUCK, "h1 does not answer")));

    private SampleAnswers() {}

    /** By the names of their files. */
    static Map<String, Answer> all() {
        StoreView store = new StoreView(Optional.of("127.0.1.1:2181"), Duration.ofSeconds(10));
        Map<String, Answer> answers = new LinkedHashMap<>();
        answers.put("monitor", MonitorAnswer.of(TROUBLED.members(), TROUBLED.hosts()));
        answers.put("status", StatusAnswer.of(TROUBLED, store));
        answers.put("status-empty", StatusAnswer.of(Clusters.empty(), store));
        answers.put("config", ConfigAnswer.everything(TROUBLED, Path.of("/home/x")));
        answers.put("config-empty", ConfigAnswer.head(Clusters.empty(), Path.of("/home/x")));
        answers.put(
                "tables",
                TablesAnswer.of(
                        new NodeName("data_m_1"),
                        new SqlName("shop"),
                        List.of(
                                new StoredTable(
                                        "public", "a\tb\\\n", "Hash", "id", 11, 33_400, 3_000_000),
                                new StoredTable(
                                        "public", "yes", "Replicate", "- none -", 1, 2, 16_384))));
        answers.put("hosts", HostsAnswer.of(hosts()));
        answers.put(
                "host-matrix",
                HostMatrixAnswer.of(Matrices.troubled("127.0.1.2", "127.0.1.3", "127.0.1.4")));
        answers.put("host-matrix-open", HostMatrixAnswer.of(Matrices.open("h1", "h2")));
        answers.put(
                "operations",
                OperationsAnswer.of(
                        List.of(
                                header(2, OperationHeader.State.DONE, "")
                                        .finished(
                                                OperationHeader.State.DONE,
                                                Clusters.NOON.plusSeconds(3),
                                                "done"),
                                header(3, OperationHeader.State.STUCK, "h1 does not answer"))));
        answers.put("operation", OperationAnswer.of(operation()));
        answers.put("plans", PlansAnswer.of(planned()));
        answers.put(
                "settings",
                new SettingsAnswer(
                        "/home/x",
                        List.of(
                                new SettingsAnswer.Setting(
                                        "cluster", Optional.of("c"), "--cluster"),
                                new SettingsAnswer.Setting(
                                        "networks.cluster", Optional.of(""), "default"))));
        answers.put("history", HistoryAnswer.of(List.of("monitor all", "psql -c \"SELECT 'x'\"")));
        answers.put("swarm", swarm());
        answers.put(
                "stack-file",
                new StackFileAnswer("c", "# Deploy it\nversion: '3.8'\nservices: {}\n"));
        answers.put(
                "certificate-authority",
                new AuthorityAnswer(
                        "c", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"));
        answers.put(
                "change", new ChangeAnswer(Clusters.NOON, "data_m_1", "running", "not running"));
        return answers;
    }

    private static ClusterView troubled() {
        return Clusters.of(
                Clusters.up(NodeKind.GTM, "gtm_m_1", "127.0.1.1"),
                Clusters.down(NodeKind.COORDINATOR, "coord_m_1", "127.0.1.2"),
                Clusters.behind(NodeKind.DATANODE, "data_m_1", "127.0.1.3"),
                Clusters.noted(
                        Clusters.up(NodeKind.DATANODE, "data_m_2", "127.0.1.4"),
                        "holds no tables"));
    }

    private static List<HostView> hosts() {
        return List.of(
                host("127.0.1.1", 7),
                host("127.0.1.2", 6),
                silent("127.0.1.3"),
                host("127.0.1.4", 7));
    }

    private static HostView host(String name, int applied) {
        HostName host = new HostName(name);
        return new HostView(
                host,
                Optional.of(
                        new HostRecord(
                                host,
                                HostPort.parse(name + ":7422"),
                                "ssh-ed25519 A",
                                Clusters.NOON,
                                Optional.of("machine-1"),
                                Optional.empty())),
                Optional.empty(),
                Optional.of(
                        new Reply.HostReport(
                                host,
                                "0.1.0",
                                new Reply.EngineReport(
                                        EngineKind.POSTGRESQL,
                                        "/usr",
                                        Optional.of("15.18"),
                                        List.of()),
                                List.of(),
                                List.of(),
                                true,
                                applied,
                                List.of(),
                                Optional.of(Clusters.NOON.plus(Duration.ofDays(365 - applied))),
                                Optional.empty(),
                                Optional.empty())),
                Optional.empty());
    }

    private static HostView silent(String name) {
        HostName host = new HostName(name);
        return new HostView(
                host,
                Optional.of(
                        new HostRecord(
                                host,
                                HostPort.parse(name + ":7422"),
                                "ssh-ed25519 B",
                                Clusters.NOON)),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Problem.of("no answer in 2 s", "start its agent")));
    }

    private static OperationHeader header(long number, OperationHeader.State state, String result) {
        return new OperationHeader(
                number,
                "remove coordinator master c1",
                "anna",
                "host-9 (4711)",
                Clusters.NOON,
                state,
                1,
                Optional.empty(),
                result);
    }

    private static OperationView operation() {
        Instant end = Clusters.NOON.plusMillis(1500);
        return new OperationView(
                header(3, OperationHeader.State.STUCK, "h1 does not answer"),
                plan(),
                List.of(
                        new StepRecord(
                                0,
                                StepRecord.State.DONE,
                                1,
                                Optional.of(Clusters.NOON),
                                Optional.of(end),
                                "version 8"),
                        new StepRecord(
                                1,
                                StepRecord.State.FAILED,
                                1,
                                Optional.of(end),
                                Optional.of(end),
                                "no answer")));
    }

    private static List<PlannedCommand> planned() {
        Command command = new Command.Stop(Target.ALL, StopMode.FAST);
        return List.of(
                new PlannedCommand(command, Optional.of(plan()), List.of(), ExitCode.DONE),
                new PlannedCommand(
                        command,
                        Optional.empty(),
                        List.of(Problem.of("operation 3 is open", "operation resume 3")),
                        ExitCode.REFUSED));
    }

    private static Plan plan() {
        return plan(List.of());
    }

    /** Its third step and those after it are these. */
    static Plan plan(List<Step> more) {
        HostName h1 = new HostName("h1");
        List<Step> steps = new ArrayList<>();
        steps.add(
                new Step(
                        0,
                        0,
                        "take c1 out of the topology",
                        Optional.empty(),
                        new Action.Commit(new TopologyChange.Remove(new NodeName("c1"))),
                        List.of(),
                        Optional.empty()));
        steps.add(
                new Step(
                        1,
                        1,
                        "stop c1",
                        Optional.of(new NodeName("c1")),
                        new Action.KillInstance(h1, InstanceName.parse("c1.1")),
                        List.of(),
                        Optional.empty()));
        steps.addAll(more);
        return new Plan("remove coordinator master c1", steps, OptionalInt.of(0));
    }

    private static SwarmAnswer swarm() {
        return new SwarmAnswer(
                "c",
                "24.0 on machine-1",
                false,
                Optional.empty(),
                List.of(
                        new SwarmAnswer.Service(
                                "c_data-m-1",
                                "member",
                                "xlctl:0.1.0",
                                Optional.of("machine-1"),
                                "running",
                                true,
                                Optional.of(Clusters.NOON),
                                Optional.empty(),
                                List.of(
                                        new SwarmAnswer.Member("data_m_1", "running"),
                                        new SwarmAnswer.Member("data_m_2", "degraded"))),
                        new SwarmAnswer.Service(
                                "c_zookeeper",
                                "zookeeper",
                                "xlctl:0.1.0",
                                Optional.empty(),
                                "none",
                                false,
                                Optional.empty(),
                                Optional.of("task: non-zero exit (137)"),
                                List.of())),
                List.of(new SwarmAnswer.Network("c_cluster", List.of("10.0.1.0/24"), true, false)),
                List.of(new SwarmAnswer.Machine("machine-1", "ready active", true)),
                List.of("c_data-m-1"),
                List.of("secret c_ssh-key"),
                List.of(Problem.of("the network c_cluster is slow", "wait")));
    }
}
