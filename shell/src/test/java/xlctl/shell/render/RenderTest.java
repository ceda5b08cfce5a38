package xlctl.shell.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.controller.ExitCode;
import xlctl.controller.HostKeyOffer;
import xlctl.controller.OperationView;
import xlctl.controller.PlannedCommand;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.plan.Action;
import xlctl.plan.Plan;
import xlctl.plan.Step;
import xlctl.shell.answer.ConfigAnswer;
import xlctl.shell.answer.HostsAnswer;
import xlctl.shell.answer.OperationAnswer;
import xlctl.shell.answer.OperationsAnswer;
import xlctl.shell.answer.PlansAnswer;
import xlctl.shell.script.Clusters;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.StepRecord;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** The texts as people see them. */
class RenderTest {
    private static final ClusterView CLUSTER =
            Clusters.of(
                    Clusters.up(NodeKind.GTM, "gtm_m_1", "127.0.1.1"),
                    Clusters.down(NodeKind.COORDINATOR, "coord_m_1", "127.0.1.2"),
                    Clusters.behind(NodeKind.DATANODE, "data_m_1", "127.0.1.3"));

    @Test
    void showConfigKeepsTheLayoutOfPgxcCtl() {
        assertThat(ConfigText.of(ConfigAnswer.everything(CLUSTER, Path.of("/home/x"))))
                .containsExactly(
                        "========= Postgres-XL configuration Common Info ========================",
                        "=== Overall ===",
                        "Cluster: postgresql-1",
                        "Engine: postgresql",
                        "Topology version: 7",
                        "Networks of the cluster: own addresses",
                        "Networks of clients: none",
                        "TLS: none",
                        "xlctl home: /home/x",
                        "========= Postgres-XL configuration End Common Info ===================",
                        "====== Server: 127.0.1.1 =======",
                        "GTM Master: host: 127.0.1.1",
                        "    Nodename: 'gtm_m_1', port: 5432, dir: 'data/gtm_m_1'",
                        "====== Server: 127.0.1.2 =======",
                        "Coordinator Master: host: 127.0.1.2",
                        "    Nodename: 'coord_m_1', port: 5432, pooler port: 15432",
                        "    Dir: 'data/coord_m_1'",
                        "    Specific Extra Config: 2 lines of extra.conf, Specific Extra pg_hba: none",
                        "====== Server: 127.0.1.3 =======",
                        "Datanode Master: host: 127.0.1.3",
                        "    Nodename: 'data_m_1', port: 5432, pooler port: 15432",
                        "    Dir: 'data/data_m_1', WAL Dir: 'wal/data_m_1'",
                        "    Specific Extra Config: none, Specific Extra pg_hba: none");
    }

    @Test
    void showConfigNamesAProxyWithoutARole() {
        ClusterView view = Clusters.of(Clusters.up(NodeKind.GTM_PROXY, "gtm_pxy_1", "127.0.1.2"));

        assertThat(ConfigText.of(ConfigAnswer.ofMembers(view, view.members())))
                .containsExactly(
                        "GTM Proxy: host: 127.0.1.2",
                        "    Nodename: 'gtm_pxy_1', port: 5432, dir: 'data/gtm_pxy_1'");
    }

    @Test
    void hostsShowRegistrationAndEngine() {
        HostPort agent = HostPort.parse("127.0.1.1:7422");
        HostName host = new HostName("127.0.1.1");
        Reply.HostReport report =
                new Reply.HostReport(
                        host,
                        "0.1.0",
                        new Reply.EngineReport(
                                EngineKind.POSTGRESQL, "/usr", Optional.of("15.18"), List.of()),
                        List.of(),
                        List.of(),
                        true,
                        7,
                        List.of());
        HostView registered =
                new HostView(
                        host,
                        Optional.of(new HostRecord(host, agent, "ssh-ed25519 A", Clusters.NOON)),
                        Optional.empty(),
                        Optional.of(report),
                        Optional.empty());
        HostView silent =
                new HostView(
                        new HostName("h2"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Problem.of("connection refused", "start its agent")));

        assertThat(HostText.list(HostsAnswer.of(List.of(registered, silent))))
                .containsExactly(
                        "HOST       AGENT           REGISTERED  ANSWERS  ENGINE",
                        "127.0.1.1  127.0.1.1:7422  yes         0.1.0    postgresql 15.18",
                        "h2         ?               no          no       ?",
                        "    connection refused (start its agent)",
                        "    to use it: host accept h2");
        HostView placed =
                new HostView(
                        host,
                        Optional.of(
                                new HostRecord(
                                        host,
                                        agent,
                                        "ssh-ed25519 A",
                                        Clusters.NOON,
                                        Optional.of("machine-1"),
                                        Optional.empty())),
                        Optional.empty(),
                        Optional.of(report),
                        Optional.empty());
        assertThat(HostText.list(HostsAnswer.of(List.of(placed, silent))))
                .startsWith(
                        "HOST       AGENT           REGISTERED  ANSWERS  ENGINE            PLACE",
                        "127.0.1.1  127.0.1.1:7422  yes         0.1.0    postgresql 15.18  machine-1",
                        "h2         ?               no          no       ?                 ?");
        assertThat(HostText.list(HostsAnswer.of(List.of())).get(0))
                .startsWith("No host is registered");
    }

    @Test
    void anOfferedKeyIsShownWithWhatSpeaksForIt() {
        HostKeyOffer offer =
                new HostKeyOffer(
                        new HostName("h"),
                        HostPort.parse("h:7422"),
                        "ssh-ed25519 B",
                        "SHA256:x",
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(
                                new HostRecord(
                                        new HostName("h"),
                                        HostPort.parse("h:7422"),
                                        "ssh-ed25519 A",
                                        Clusters.NOON)));

        assertThat(HostText.offer(offer))
                .containsExactly(
                        "The agent of h at h:7422 offers this key:",
                        "  SHA256:x",
                        "It is not the key that was accepted on 2026-11-21 12:00:00Z.",
                        "The agent is not connected to ZooKeeper, so nothing else vouches for the key.");
    }

    @Test
    void aPlanShowsItsStagesAndCommitPoint() {
        PlannedCommand planned =
                new PlannedCommand(
                        new Command.Stop(Target.ALL, StopMode.FAST),
                        Optional.of(plan()),
                        List.of(),
                        ExitCode.DONE);

        assertThat(PlanText.of(PlansAnswer.of(List.of(planned))))
                .containsExactly(
                        "remove coordinator master c1:",
                        "  1. take c1 out of the topology (commit point: only forward after it)",
                        "  2. stop c1 on h1",
                        "  2. await h2");
    }

    @Test
    void operationsAreListedAndShownInFull() {
        OperationHeader done = operation(OperationHeader.State.STUCK, "h1 does not answer");

        assertThat(OperationText.list(OperationsAnswer.of(List.of(done))))
                .containsExactly(
                        "N  STATE  STARTED               WHO   COMMAND",
                        "3  stuck  2026-11-21 12:00:00Z  anna  add coordinator master coord_m_1 127.0.1.2 5432");
        assertThat(
                        OperationText.full(
                                OperationAnswer.of(
                                        new OperationView(
                                                done,
                                                plan(),
                                                List.of(
                                                        step(0, StepRecord.State.DONE, ""),
                                                        step(
                                                                1,
                                                                StepRecord.State.FAILED,
                                                                "no answer"))))))
                .containsExactly(
                        "Operation 3: add coordinator master coord_m_1 127.0.1.2 5432",
                        "State:    stuck, attempt 1",
                        "By:       anna from host-9 (4711)",
                        "Started:  2026-11-21 12:00:00Z",
                        "Result:   h1 does not answer",
                        "If nobody works on it: operation resume 3",
                        "",
                        "STEP  STATE    TOOK   WHAT",
                        "1     done     0.3 s  take c1 out of the topology (commit point: only forward after it)",
                        "2     failed          stop c1 on h1",
                        "      no answer",
                        "3     pending         await h2");
        assertThat(OperationText.list(OperationsAnswer.of(List.of())))
                .containsExactly("There are no operations yet.");
    }

    @Test
    void rollbackIsOfferedBeforeTheCommitPointAlone() {
        Plan withCommit = plan();
        Plan without = new Plan("start all", List.of(), OptionalInt.empty());

        assertThat(next(withCommit, StepRecord.State.PENDING))
                .contains("operation resume 3, or operation rollback 3");
        assertThat(next(withCommit, StepRecord.State.DONE)).contains("operation resume 3");
        assertThat(next(without, StepRecord.State.PENDING)).contains("operation resume 3");
    }

    private static Optional<String> next(Plan plan, StepRecord.State first) {
        return OperationAnswer.of(
                        new OperationView(
                                operation(OperationHeader.State.RUNNING, ""),
                                plan,
                                List.of(step(0, first, ""))))
                .next();
    }

    private static Plan plan() {
        return SampleAnswers.plan(
                List.of(
                        new Step(
                                2,
                                1,
                                "await h2",
                                Optional.empty(),
                                new Action.Converge(new HostName("h2")),
                                List.of(),
                                Optional.empty())));
    }

    private static StepRecord step(int number, StepRecord.State state, String detail) {
        return new StepRecord(
                number,
                state,
                1,
                Optional.of(Clusters.NOON),
                Optional.of(Clusters.NOON.plusMillis(300)),
                detail);
    }

    static OperationHeader operation(OperationHeader.State state, String result) {
        return new OperationHeader(
                3,
                "add coordinator master coord_m_1 127.0.1.2 5432",
                "anna",
                "host-9 (4711)",
                Clusters.NOON,
                state,
                1,
                Optional.empty(),
                result);
    }
}
