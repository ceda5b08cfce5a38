package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.plan.ObservedCluster.COORDINATOR;
import static xlctl.plan.ObservedCluster.DATANODE;
import static xlctl.plan.ObservedCluster.GTM;
import static xlctl.plan.ObservedCluster.NAME;
import static xlctl.plan.ObservedCluster.node;
import static xlctl.plan.ObservedCluster.record;
import static xlctl.plan.ObservedCluster.up;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Leftover;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.monitor.HostView;
import xlctl.operation.World;
import xlctl.store.Presence;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Places;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/** What adding a node takes, and what stands against it. */
class AddNodePlannerTest {
    private final ObservedCluster cluster = ObservedCluster.empty(EngineKind.POSTGRESQL);

    @Test
    void whileASettingContradictsTheClusterNothingIsAddedAndAllElseGoesOn() {
        cluster.have(GTM);
        cluster.answering(cluster.report("h1", up(GTM.name() + ".1")));
        cluster.contradicted(
                Problem.of("xlctl.yaml:3:8: networks.tls is no, but ...", "set it back"));

        assertThat(cluster.reasons(new Command.AddNode(COORDINATOR)))
                .containsExactly("xlctl.yaml:3:8: networks.tls is no, but ... (set it back)");
        cluster.planOf(new Command.Stop(Target.ALL, StopMode.FAST));
    }

    @Test
    void addingPreparesStartsAndChecksCommitsAndLetsEveryHostKnow() {
        cluster.have(GTM);
        HostName host = new HostName("h3");
        InstanceName instance = new InstanceName(DATANODE.name(), 1);
        Optional<NodeName> data = Optional.of(DATANODE.name());
        InstanceSpec spec =
                InstanceSpec.of(
                        Topology.empty(NAME, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY).with(GTM),
                        Map.of(),
                        Places.UNKNOWN,
                        DATANODE,
                        DATANODE.instances().get(0));

        Plan plan = cluster.planOf(new Command.AddNode(DATANODE));

        assertThat(plan)
                .isEqualTo(
                        new Plan(
                                "add datanode master data_1 h3 5432",
                                List.of(
                                        new Step(
                                                0,
                                                0,
                                                "prepare data_1 on h3",
                                                data,
                                                new Action.PrepareInstance(host, spec),
                                                List.of(),
                                                Optional.of(
                                                        new Action.DiscardInstance(
                                                                host, instance, Disposal.UNDO))),
                                        step(
                                                1,
                                                1,
                                                "start data_1 on h3",
                                                new Action.StartInstance(host, instance, 1)),
                                        step(
                                                2,
                                                2,
                                                "check data_1 on h3",
                                                new Action.CheckInstance(host, instance)),
                                        step(
                                                3,
                                                3,
                                                "add datanode data_1 to the topology",
                                                new Action.Commit(
                                                        new TopologyChange.Add(
                                                                DATANODE,
                                                                EngineKind.POSTGRESQL,
                                                                Networks.HOSTS_ONLY))),
                                        converge(4, "h1"),
                                        converge(5, "h3")),
                                OptionalInt.of(3)));
    }

    @Test
    void anUnregisteredHostIsRefusedWithNearNamesAndTheRegisteredOnes() {
        cluster.have(GTM);

        assertThat(cluster.reasons(new Command.AddNode(node(NodeKind.DATANODE, "data_9", "h33"))))
                .containsExactly(
                        "host h33 is not registered: did you mean \"h3\"?; registered are h1, h2,"
                                + " h3 (start an agent there if there is none, then: host accept"
                                + " h33)");
    }

    @Test
    void anAgentThatDoesNotAnswerIsARefusalOfItsOwnKind() {
        cluster.have(GTM);
        Problem why = Problem.of("the agent of host h3 is not reached", "start it");
        cluster.silent("h3", Optional.of(why));

        Planned planned = Planner.plan(new Command.AddNode(DATANODE), cluster.seen());

        assertThat(planned.problems()).containsExactly(why);
        assertThat(planned.onlyUnreachable()).isTrue();
    }

    @Test
    void aChangedHostKeyIsRefusedWithBothFingerprints() {
        cluster.have(GTM);
        HostName host = new HostName("h3");
        Presence presence =
                new Presence(
                        host,
                        "1",
                        HostPort.parse("h3:7422"),
                        "ssh-ed25519 BBBB",
                        -1,
                        List.of(Problem.of("data_9.1 is lost", "restore it")),
                        Instant.EPOCH);
        cluster.host(
                new HostView(
                        host,
                        Optional.of(record("h3", Optional.empty(), Optional.empty())),
                        Optional.of(presence),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(cluster.reasons(new Command.AddNode(DATANODE)))
                .singleElement()
                .asString()
                .contains("another SSH host key", "accepted is SHA256:", "it has SHA256:")
                .contains("its agent says: data_9.1 is lost (restore it)")
                .contains("host accept h3");
    }

    @Test
    void takenNamesPortsAndDirectoriesAreNamedWithTheirOwners() {
        cluster.have(GTM, COORDINATOR, DATANODE);
        Node clash = World.node(NodeKind.DATANODE, "DATA_1", "h2", 5432, "data/coord_1/below");
        cluster.hasRoomFor(clash);

        assertThat(cluster.reasons(new Command.AddNode(clash)))
                .anySatisfy(
                        reason -> assertThat(reason).contains("DATA_1 is taken by datanode data_1"))
                .anySatisfy(
                        reason ->
                                assertThat(reason).contains("port 5432 on h2 is taken by coord_1"))
                .anySatisfy(
                        reason ->
                                assertThat(reason)
                                        .contains("data/coord_1/below", "is taken by coord_1"));
    }

    @Test
    void theFirstMemberMustBeTheGtmAndThereIsOnlyOne() {
        assertThat(cluster.reasons(new Command.AddNode(COORDINATOR)))
                .singleElement()
                .asString()
                .contains("no GTM yet", "add gtm master");
        cluster.have(GTM);
        Node second = node(NodeKind.GTM, "gtm_2", "h2");
        cluster.hasRoomFor(second);
        assertThat(cluster.reasons(new Command.AddNode(second)))
                .singleElement()
                .asString()
                .contains("has a GTM, gtm_1 at h1:5432");
    }

    @Test
    void whatTheHostLacksIsSaid() {
        cluster.have(GTM);
        cluster.answering(
                new Reply.HostReport(
                        new HostName("h3"),
                        "1",
                        new Reply.EngineReport(
                                EngineKind.POSTGRES_XL,
                                "/opt",
                                Optional.empty(),
                                List.of(Problem.of("initdb is missing", "install it"))),
                        List.of(),
                        List.of(),
                        false,
                        -1,
                        List.of()));
        cluster.answer(
                DATANODE,
                new Reply.PlaceReport(
                        List.of(
                                Problem.of("2 MB are free, 100 MB are needed", "free some"),
                                Problem.of("the directory is not empty", "name another"))));

        assertThat(cluster.reasons(new Command.AddNode(DATANODE)))
                .containsExactly(
                        "the agent of host h3 runs postgres-xl, the cluster is of postgresql (set"
                                + " the agent's engine to postgresql)",
                        "host h3: initdb is missing (install it)",
                        "the agent of host h3 is not connected to ZooKeeper, so it cannot follow the"
                                + " topology (see the agent's log, and its settings zookeeper and"
                                + " zookeeper-identity)",
                        "host h3: 2 MB are free, 100 MB are needed (free some)",
                        "host h3: the directory is not empty (name another)");
    }

    /** Their rows are gone, and it would look as if they were to be found on the new one. */
    @Test
    void aDatanodeDoesNotTakeTheNameOfALostOneWhileTablesAreLeftThatHadRowsThere() {
        cluster.have(GTM, COORDINATOR);
        cluster.answering(cluster.report("h1", up("gtm_1.1")));
        cluster.answering(
                leaving(
                        "h2",
                        new Leftover("data_1", Problem.of("public.t had rows there", "drop it")),
                        new Leftover("data_2", Problem.of("public.u had rows there", "drop it"))));

        assertThat(cluster.reasons(new Command.AddNode(DATANODE)))
                .containsExactly(
                        "a node data_1 was there before: public.t had rows there (choose another"
                                + " name, or drop it, and see by monitor all that nothing is"
                                + " left)");
    }

    private Reply.HostReport leaving(String host, Leftover... leftovers) {
        Reply.HostReport plain = cluster.report(host, up("coord_1.1"));
        return new Reply.HostReport(
                plain.host(),
                plain.agentVersion(),
                plain.engine(),
                plain.dataRoots(),
                plain.instances(),
                plain.storeConnected(),
                plain.appliedTopology(),
                plain.problems(),
                plain.certificateUntil(),
                plain.obstacles(),
                Optional.of(List.of(leftovers)));
    }

    @Test
    void anEmptyStoreBesideRunningServersIsNoFreshStart() {
        Reply.HostReport report = cluster.report("h1");
        cluster.answering(
                new Reply.HostReport(
                        report.host(),
                        "1",
                        report.engine(),
                        List.of(),
                        List.of(up("data_7.1")),
                        true,
                        3,
                        List.of()));
        cluster.hasRoomFor(GTM);

        assertThat(cluster.reasons(new Command.AddNode(GTM)))
                .singleElement()
                .asString()
                .contains("no topology", "runs data_7.1", "restore ZooKeeper's data");
    }

    private static Step step(int number, int stage, String title, Action action) {
        return new Step(
                number,
                stage,
                title,
                Optional.of(DATANODE.name()),
                action,
                List.of(),
                Optional.empty());
    }

    private static Step converge(int number, String host) {
        return step(
                number,
                4,
                "let " + host + " take note of data_1",
                new Action.Converge(new HostName(host)));
    }
}
