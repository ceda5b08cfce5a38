package xlctl.shell.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Reply;
import xlctl.monitor.ClusterView;
import xlctl.monitor.HostView;
import xlctl.monitor.MemberView;
import xlctl.monitor.StoreView;
import xlctl.shell.answer.StatusAnswer;
import xlctl.shell.script.Clusters;
import xlctl.store.HeldInstance;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;

/** The cluster on one screen, as people see it. */
class StatusTextTest {
    private static final ClusterView CLUSTER =
            Clusters.of(
                    Clusters.up(NodeKind.GTM, "gtm_m_1", "127.0.1.1"),
                    Clusters.down(NodeKind.COORDINATOR, "coord_m_1", "127.0.1.2"),
                    Clusters.behind(NodeKind.DATANODE, "data_m_1", "127.0.1.3"));

    private static final StoreView STORE =
            new StoreView(Optional.of("127.0.1.1:2181"), Duration.ofSeconds(10));

    @Test
    void showsWhatIsWantedAndFoundSideBySide() {
        assertThat(status(CLUSTER))
                .containsExactly(
                        "Cluster postgresql-1, engine postgresql, topology version 7",
                        "ZooKeeper 127.0.1.1:2181 answers, session timeout 10000 ms",
                        "",
                        "NODE       KIND         ADDRESS         WANTED  FOUND    CATALOG",
                        "gtm_m_1    gtm          127.0.1.1:5432  master  master   current",
                        "coord_m_1  coordinator  127.0.1.2:5432  master  down     current",
                        "    it is down since noon: its process ended with status 1",
                        "    to do: its agent starts it; if it stays down, its log on 127.0.1.2 says why",
                        "data_m_1   datanode     127.0.1.3:5432  master  answers  at 6",
                        "    its agent is silent",
                        "    its catalog is at version 6, not 7");
    }

    @Test
    void showsWhatAnOperatorShouldKnowOfAMemberThatIsWell() {
        MemberView noted =
                Clusters.noted(
                        Clusters.up(NodeKind.DATANODE, "data_m_4", "127.0.1.3"),
                        "holds no tables: what was there before it stays where it is; tables made from now"
                                + " on use it",
                        "waits for a restart");

        assertThat(noted.healthy()).isTrue();
        assertThat(status(Clusters.of(noted)))
                .containsExactly(
                        "Cluster postgresql-1, engine postgresql, topology version 7",
                        "ZooKeeper 127.0.1.1:2181 answers, session timeout 10000 ms",
                        "",
                        "NODE      KIND      ADDRESS         WANTED  FOUND   CATALOG",
                        "data_m_4  datanode  127.0.1.3:5432  master  master  current",
                        "    note: holds no tables: what was there before it stays where it is; tables",
                        "    made from now on use it",
                        "    note: waits for a restart");
    }

    @Test
    void namesTheLockOpenOperationsAndSilentHosts() {
        ClusterView view =
                new ClusterView(
                        CLUSTER.cluster(),
                        CLUSTER.topology(),
                        CLUSTER.members().subList(0, 1),
                        List.of(
                                new HostView(
                                        new HostName("127.0.1.3"),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(
                                                Problem.of(
                                                        "no answer in 2 s", "start its agent")))),
                        Optional.of(
                                new LockHolder(
                                        "anna", "host-9 (4711)", "start all", Clusters.NOON)),
                        List.of(RenderTest.operation(OperationHeader.State.STUCK, "")));

        assertThat(status(view))
                .containsExactly(
                        "Cluster postgresql-1, engine postgresql, topology version 7",
                        "ZooKeeper 127.0.1.1:2181 answers, session timeout 10000 ms",
                        "Hosts that match version 7: 0 of 1",
                        "Host 127.0.1.3: which version it matches is not known",
                        "Host 127.0.1.3: no answer in 2 s (start its agent)",
                        "Locked by anna from host-9 (4711) since 2026-11-21 12:00:00Z: start all",
                        "Open operation 3 (stuck, by anna since 2026-11-21 12:00:00Z): add coordinator",
                        "master coord_m_1 127.0.1.2 5432",
                        "",
                        "NODE     KIND  ADDRESS         WANTED  FOUND   CATALOG  SINCE",
                        "gtm_m_1  gtm   127.0.1.1:5432  master  master  current  2026-11-21 12:00:00Z");
    }

    @Test
    void showsMoreOfAMemberWhereThereIsRoom() {
        ClusterView view = Clusters.of(Clusters.up(NodeKind.DATANODE, "data_m_1", "127.0.1.3"));

        assertThat(status(view, 200))
                .contains(
                        "NODE      KIND      ADDRESS         WANTED  FOUND   SAYS   CATALOG  SINCE                 PID   TIMELINE",
                        "data_m_1  datanode  127.0.1.3:5432  master  master  agent  current  2026-11-21 12:00:00Z  4711  1");
        assertThat(status(view, 79))
                .contains("NODE      KIND      ADDRESS         WANTED  FOUND   CATALOG");
        assertThat(status(view, 40)).contains("NODE      WANTED  FOUND   CATALOG");
    }

    @Test
    void fitsEightyColumnsWhateverTheNames() {
        ClusterView view =
                Clusters.of(
                        Clusters.up(NodeKind.DATANODE, "d".repeat(63), "h".repeat(60)),
                        Clusters.starting(NodeKind.DATANODE, "e".repeat(63), "g".repeat(60)),
                        Clusters.down(NodeKind.COORDINATOR, "c".repeat(40), "i".repeat(60)));

        assertThat(status(view))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .contains("e".repeat(63) + "  starting");
    }

    @Test
    void fitsEightyColumnsWhateverIsWrong() {
        ClusterView emptied =
                new ClusterView(
                        CLUSTER.cluster(),
                        Optional.empty(),
                        List.of(),
                        List.of(holding("h1", "data_m_1"), holding("h2", "data_m_2")),
                        Optional.of(
                                new LockHolder(
                                        "anna",
                                        "h".repeat(60) + " (4711)",
                                        "add datanode master " + "d".repeat(63) + " h1 5432",
                                        Clusters.NOON)),
                        List.of(RenderTest.operation(OperationHeader.State.STUCK, "")));

        assertThat(status(emptied))
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80))
                .containsSequence(
                        "  - ZooKeeper has no records of this cluster, but host h1 has data_m_1, host h2",
                        "    has data_m_2, with data",
                        "    to do: if ZooKeeper lost its data, restore them from a backup: restore FILE;",
                        "    nothing is begun anew beside servers that hold data");
    }

    @Test
    void saysHowToGoOnWithAnOperationThatNobodyWorksOn() {
        ClusterView view =
                new ClusterView(
                        CLUSTER.cluster(),
                        CLUSTER.topology(),
                        List.of(),
                        List.of(),
                        Optional.empty(),
                        List.of(RenderTest.operation(OperationHeader.State.STUCK, "")));

        assertThat(status(view)).contains("    to do: operation show 3, then operation resume 3");
    }

    @Test
    void saysHowAServerThatHangsIsStartedAnew() {
        assertThat(status(Clusters.of(Clusters.silent(NodeKind.DATANODE, "data_m_1", "h1"))))
                .anyMatch(line -> line.contains("data_m_1") && line.contains("silent"))
                .containsSequence(
                        "    to do: if it stays silent: see its log on h1, or kill data_m_1, then start",
                        "    data_m_1");
    }

    @Test
    void saysWhatItsAgentWantsFirstOfAServerThatIsDown() {
        MemberView member = Clusters.down(NodeKind.DATANODE, "data_m_1", "h1");
        Reply.HostReport report =
                new Reply.HostReport(
                        new HostName("h1"),
                        "0.1.0",
                        new Reply.EngineReport(
                                EngineKind.POSTGRESQL, "/usr", Optional.of("15.18"), List.of()),
                        List.of(),
                        List.of(),
                        true,
                        7,
                        List.of(
                                Problem.of("data_m_10.1 is not converged", "wait"),
                                Problem.of(
                                        "data_m_1.1 waits for ZooKeeper: ...", "start ZooKeeper")));
        HostView host =
                new HostView(
                        new HostName("h1"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(report),
                        Optional.empty());
        ClusterView view = Clusters.of(member);

        assertThat(
                        status(
                                new ClusterView(
                                        view.cluster(),
                                        view.topology(),
                                        view.members(),
                                        List.of(host),
                                        view.lock(),
                                        view.openOperations())))
                .contains("    to do: start ZooKeeper");
    }

    @Test
    void sendsNobodyWhoIsRefusedToKillAServer() {
        assertThat(status(Clusters.of(Clusters.refusing(NodeKind.DATANODE, "data_m_1", "h1"))))
                .anyMatch(line -> line.contains("data_m_1") && line.contains("refusing"))
                .contains("    to do: see why it says no; its log on h1 may say more")
                .noneMatch(line -> line.contains("kill"));
    }

    @Test
    void sendsToTheGtmFirstWithoutWhichNobodyAnswers() {
        ClusterView view =
                Clusters.of(
                        EngineKind.POSTGRES_XL,
                        Clusters.down(NodeKind.GTM, "gtm_m_1", "h1"),
                        Clusters.refusing(NodeKind.DATANODE, "data_m_1", "h2"),
                        Clusters.silent(NodeKind.DATANODE, "data_m_2", "h3"));

        assertThat(status(view))
                .containsOnlyOnce(
                        "    to do: its agent starts it; if it stays down, its log on h1 says why")
                .filteredOn(line -> line.contains("to do"))
                .filteredOn(line -> line.contains("see to gtm_m_1 first: it does not run"))
                .hasSize(2);
    }

    @Test
    void sendsNobodyToAGtmOfWhichNothingIsKnown() {
        ClusterView view =
                Clusters.of(
                        EngineKind.POSTGRES_XL,
                        Clusters.unasked(NodeKind.GTM, "gtm_m_1", "h1"),
                        Clusters.silent(NodeKind.DATANODE, "data_m_2", "h3"));

        assertThat(status(view))
                .noneMatch(line -> line.contains("see to gtm_m_1"))
                .anyMatch(line -> line.contains("if it stays silent: "));
    }

    @Test
    void saysHowToBeginWithAnEmptyCluster() {
        assertThat(status(Clusters.empty()))
                .containsExactly(
                        "Cluster postgresql-1, topology none",
                        "ZooKeeper 127.0.1.1:2181 answers, session timeout 10000 ms",
                        "",
                        "The cluster has no nodes yet: begin with add gtm master.");
    }

    /** A host whose agent says that it has a member. */
    private static HostView holding(String host, String node) {
        HeldInstance held =
                new HeldInstance(new InstanceName(new NodeName(node), 1), 7, 1, Optional.empty());
        Presence presence =
                new Presence(
                        new HostName(host),
                        "test",
                        HostPort.parse(host + ":7422"),
                        "ssh-ed25519 AAAA",
                        7,
                        List.of(),
                        Clusters.NOON,
                        Optional.empty(),
                        Optional.of(List.of(held)));
        return new HostView(
                new HostName(host),
                Optional.empty(),
                Optional.of(presence),
                Optional.empty(),
                Optional.empty());
    }

    private static List<String> status(ClusterView view) {
        return status(view, 80);
    }

    private static List<String> status(ClusterView view, int width) {
        return StatusText.of(
                StatusAnswer.of(view, STORE), new Screen(width, Optional.empty(), false, false));
    }
}
