package xlctl.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.InstanceSpec;
import xlctl.agent.api.Reply;
import xlctl.agent.api.StopMode;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.json.Json;
import xlctl.monitor.HostView;
import xlctl.store.HostRecord;
import xlctl.store.LockHolder;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.topology.ClusterName;
import xlctl.topology.Directory;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Places;
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

class PlannerTest {
    private static final ClusterName CLUSTER = new ClusterName("test");
    private static final Node GTM = node(NodeKind.GTM, "gtm_1", "h1");
    private static final Node COORDINATOR = node(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Node DATANODE = node(NodeKind.DATANODE, "data_1", "h3");
    private static final String KEY = "ssh-ed25519 AAAA";

    private final Map<HostName, HostView> hosts = new HashMap<>();
    private final Map<Instance, Reply> answers = new HashMap<>();
    private final List<OperationHeader> open = new ArrayList<>();
    private Optional<LockHolder> lock = Optional.empty();
    private Topology topology = Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);
    private boolean founded;
    private final Set<NodeName> added = new HashSet<>();
    private final List<Problem> contradictions = new ArrayList<>();

    PlannerTest() {
        for (String host : List.of("h1", "h2", "h3")) {
            answering(report(host));
        }
    }

    @Test
    void addingPreparesStartsAndChecksCommitsAndLetsEveryHostKnow() {
        have(GTM);
        HostName host = new HostName("h3");
        InstanceName instance = new InstanceName(DATANODE.name(), 1);
        Optional<NodeName> data = Optional.of(DATANODE.name());
        InstanceSpec spec =
                InstanceSpec.of(
                        Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY)
                                .with(GTM),
                        Map.of(),
                        Places.UNKNOWN,
                        DATANODE,
                        DATANODE.instances().get(0));

        Plan plan = planOf(new Command.AddNode(DATANODE));

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
    void removingLooksForTablesThenCommitsAndDestroysLast() {
        have(GTM, DATANODE);
        answers.put(DATANODE.instances().get(0), new Reply.UserTables(List.of(), 0));

        Plan plan = planOf(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE));

        assertThat(plan.commit()).hasValue(1);
        assertThat(plan.stages().stream().map(PlannerTest::actions))
                .containsExactly(
                        List.of("CheckNoTables"),
                        List.of("Commit"),
                        List.of("Converge"),
                        List.of("StopInstance"),
                        List.of("DiscardInstance"));
        assertThat(plan.steps()).allMatch(step -> step.undo().isEmpty());
    }

    @Test
    void startingGoesFromTheGtmOverDatanodesToCoordinators() {
        have(GTM, COORDINATOR, DATANODE);

        Plan plan = planOf(new Command.Start(Target.ALL));

        assertThat(plan.commit()).isEmpty();
        assertThat(titles(plan))
                .containsExactly("start gtm_1 on h1", "start data_1 on h3", "start coord_1 on h2");
        assertThat(plan.stages()).hasSize(3);
    }

    @Test
    void stoppingAndKillingGoTheOtherWay() {
        have(GTM, COORDINATOR, DATANODE);

        assertThat(titles(planOf(new Command.Stop(Target.ALL, StopMode.IMMEDIATE))))
                .containsExactly("stop coord_1 on h2", "stop data_1 on h3", "stop gtm_1 on h1");
        assertThat(titles(planOf(new Command.Kill(Target.ALL))))
                .containsExactly("kill coord_1 on h2", "kill data_1 on h3", "kill gtm_1 on h1");
    }

    @Test
    void membersOfOneKindAreDoneAtTheSameTime() {
        Node second = node(NodeKind.DATANODE, "data_2", "h1", 5433);
        have(GTM, DATANODE, second);

        assertThat(planOf(new Command.Start(Target.of(NodeKind.DATANODE))).stages())
                .singleElement()
                .satisfies(stage -> assertThat(stage).hasSize(2));
    }

    @Test
    void everyPlanSurvivesTheJournal() {
        have(GTM, COORDINATOR, DATANODE);
        answering(report("h1", up("gtm_1.1")));
        answering(report("h2", up("coord_1.1")));
        answering(report("h3", up("data_1.1")));
        answers.put(COORDINATOR.instances().get(0), new Reply.UserTables(List.of(), 0));
        answers.put(DATANODE.instances().get(0), new Reply.UserTables(List.of(), 0));
        for (Command command :
                List.of(
                        new Command.AddNode(node(NodeKind.DATANODE, "data_2", "h1", 5433)),
                        remove(NodeKind.COORDINATOR, "coord_1", Disposal.KEEP),
                        new Command.Start(Target.ALL),
                        new Command.Stop(Target.ALL, StopMode.FAST),
                        new Command.Kill(Target.ALL))) {
            answers.put(
                    node(NodeKind.DATANODE, "data_2", "h1", 5433).instances().get(0),
                    new Reply.PlaceReport(List.of()));
            Plan plan = planOf(command);

            assertThat(Json.read(Json.write(plan), Plan.class, "test")).isEqualTo(plan);
        }
    }

    @Test
    void anUnregisteredHostIsRefusedWithNearNamesAndTheRegisteredOnes() {
        have(GTM);

        assertThat(reasons(new Command.AddNode(node(NodeKind.DATANODE, "data_9", "h33"))))
                .containsExactly(
                        "host h33 is not registered: did you mean \"h3\"?; registered are h1, h2,"
                                + " h3 (start an agent there if there is none, then: host accept"
                                + " h33)");
    }

    @Test
    void anAgentThatDoesNotAnswerIsARefusalOfItsOwnKind() {
        have(GTM);
        Problem why = Problem.of("the agent of host h3 is not reached", "start it");
        hosts.put(
                new HostName("h3"),
                new HostView(
                        new HostName("h3"),
                        Optional.of(record("h3")),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(why)));

        Planned planned = Planner.plan(new Command.AddNode(DATANODE), seen());

        assertThat(planned.problems()).containsExactly(why);
        assertThat(planned.onlyUnreachable()).isTrue();
    }

    @Test
    void aChangedHostKeyIsRefusedWithBothFingerprints() {
        have(GTM);
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
        hosts.put(
                host,
                new HostView(
                        host,
                        Optional.of(record("h3")),
                        Optional.of(presence),
                        Optional.empty(),
                        Optional.empty()));

        assertThat(reasons(new Command.AddNode(DATANODE)))
                .singleElement()
                .asString()
                .contains("another SSH host key", "accepted is SHA256:", "it has SHA256:")
                .contains("its agent says: data_9.1 is lost (restore it)")
                .contains("host accept h3");
    }

    @Test
    void takenNamesPortsAndDirectoriesAreNamedWithTheirOwners() {
        have(GTM, COORDINATOR, DATANODE);
        Node clash = node(NodeKind.DATANODE, "DATA_1", "h2", 5432, "data/coord_1/below");
        answers.put(clash.instances().get(0), new Reply.PlaceReport(List.of()));

        assertThat(reasons(new Command.AddNode(clash)))
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
        assertThat(reasons(new Command.AddNode(COORDINATOR)))
                .singleElement()
                .asString()
                .contains("no GTM yet", "add gtm master");
        have(GTM);
        Node second = node(NodeKind.GTM, "gtm_2", "h2");
        answers.put(second.instances().get(0), new Reply.PlaceReport(List.of()));
        assertThat(reasons(new Command.AddNode(second)))
                .singleElement()
                .asString()
                .contains("has a GTM, gtm_1 at h1:5432");
    }

    @Test
    void whatTheHostLacksIsSaid() {
        have(GTM);
        answering(
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
        answers.put(
                DATANODE.instances().get(0),
                new Reply.PlaceReport(
                        List.of(
                                Problem.of("2 MB are free, 100 MB are needed", "free some"),
                                Problem.of("the directory is not empty", "name another"))));

        assertThat(reasons(new Command.AddNode(DATANODE)))
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

    @Test
    void anEmptyStoreBesideRunningServersIsNoFreshStart() {
        Reply.HostReport report = report("h1");
        answering(
                new Reply.HostReport(
                        report.host(),
                        "1",
                        report.engine(),
                        List.of(),
                        List.of(up("data_7.1")),
                        true,
                        3,
                        List.of()));
        answers.put(GTM.instances().get(0), new Reply.PlaceReport(List.of()));

        assertThat(reasons(new Command.AddNode(GTM)))
                .singleElement()
                .asString()
                .contains("no topology", "runs data_7.1", "restore ZooKeeper's data");
    }

    @Test
    void anOpenOperationAndTheLockAreReasonsWithTheirOwners() {
        have(GTM);
        open.add(operation(7, OperationHeader.State.STUCK));

        assertThat(reasons(new Command.Start(Target.ALL)))
                .containsExactly(
                        "operation 7 is open: add something, begun by alice from db1 at"
                                + " 1970-01-01T00:00:00Z (operation resume 7)");
        lock = Optional.of(new LockHolder("bob", "db2", "stop all", Instant.EPOCH));
        assertThat(reasons(new Command.Start(Target.ALL)))
                .hasSize(2)
                .anySatisfy(
                        reason ->
                                assertThat(reason)
                                        .contains("bob from db2 since 1970-01-01T00:00:00Z"));
    }

    @Test
    void allReasonsAreSaidAtOnce() {
        have(GTM, COORDINATOR);
        open.add(operation(7, OperationHeader.State.RUNNING));
        lock = Optional.of(new LockHolder("bob", "db2", "stop all", Instant.EPOCH));
        Node clash = node(NodeKind.GTM, "gtm_1", "h2");
        answers.put(
                clash.instances().get(0),
                new Reply.PlaceReport(List.of(Problem.of("no space", "free some"))));

        assertThat(reasons(new Command.AddNode(clash)))
                .hasSize(6)
                .extracting(reason -> reason.split(" \\(")[0].split(":")[0].split(",")[0])
                .containsExactly(
                        "the cluster is being changed by bob from db2 since 1970-01-01T00",
                        "operation 7 is open",
                        "the name gtm_1 is taken by gtm gtm_1",
                        "port 5432 on h2 is taken by coord_1",
                        "the cluster has a GTM",
                        "host h2");
    }

    @Test
    void removingWhatIsNotThereNamesWhatIsNear() {
        have(GTM, COORDINATOR, DATANODE);

        assertThat(reasons(remove(NodeKind.DATANODE, "data_2", Disposal.KEEP)))
                .containsExactly(
                        "there is no datanode data_2: did you mean \"data_1\"? (of that kind there"
                                + " are data_1)");
        assertThat(reasons(remove(NodeKind.COORDINATOR, "data_1", Disposal.KEEP)))
                .containsExactly(
                        "data_1 is a datanode, not a coordinator (remove datanode master data_1)");
    }

    @Test
    void theLastGtmStaysWhileMembersNeedIt() {
        have(GTM, COORDINATOR, DATANODE);
        Command remove = new Command.RemoveNode(NodeKind.GTM, Optional.empty(), Disposal.KEEP);

        assertThat(reasons(remove))
                .singleElement()
                .asString()
                .contains("gtm_1 is the last one", "coord_1, data_1", "remove those first");
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRESQL, Networks.HOSTS_ONLY);
        have(GTM);
        assertThat(planOf(remove).commit()).hasValue(0);
    }

    @Test
    void aMemberThatHoldsTablesOfUsersStays() {
        have(GTM, DATANODE);
        answers.put(
                DATANODE.instances().get(0),
                new Reply.UserTables(List.of("app.public.a", "app.public.b"), 12));

        assertThat(reasons(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)))
                .containsExactly(
                        "datanode data_1 holds 12 tables of users: app.public.a, app.public.b and"
                                + " 10 more (move or drop these tables first)");
    }

    @Test
    void whereTablesCannotBeCountedNothingIsRemoved() {
        have(GTM, DATANODE);
        answers.put(
                DATANODE.instances().get(0), Reply.Failed.refused("data_1 is stopped", "start it"));

        assertThat(reasons(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)))
                .containsExactly(
                        "whether data_1 holds tables of users cannot be told: data_1 is stopped"
                                + " (start it)");
    }

    @Test
    void everyWrongNameOfATargetIsNamed() {
        have(GTM, COORDINATOR, DATANODE);
        Target target =
                new Target(
                        Optional.of(NodeKind.DATANODE),
                        Optional.empty(),
                        List.of(new NodeName("coord_1"), new NodeName("data_2")));

        assertThat(reasons(new Command.Start(target)))
                .containsExactly(
                        "coord_1 is a coordinator, not a datanode (name it without its kind, or with"
                                + " the right one)",
                        "there is no node data_2: did you mean \"data_1\"? (the nodes are gtm_1,"
                                + " coord_1, data_1)");
    }

    @Test
    void aRoleThatNobodyHasIsRefused() {
        have(GTM, DATANODE);
        Target slaves =
                new Target(Optional.of(NodeKind.DATANODE), Optional.of(Role.SLAVE), List.of());

        assertThat(reasons(new Command.Start(slaves)))
                .singleElement()
                .asString()
                .contains("the cluster has no datanode slave");
    }

    @Test
    void withSharedDefinitionsANewNodeCopiesThemUnderADdlLock() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, COORDINATOR);
        answering(report("h2", up("coord_1.1")));
        answering(report("h3"));

        Plan plan = planOf(new Command.AddNode(DATANODE));

        assertThat(plan.stages().stream().map(PlannerTest::actions))
                .containsExactly(
                        List.of("PrepareInstance"),
                        List.of("LockDdl"),
                        List.of("CopyDefinitions"),
                        List.of("StartInstance"),
                        List.of("CheckInstance"),
                        List.of("CheckDdlLock"),
                        List.of("Commit"),
                        List.of("Converge", "Converge", "Converge"),
                        List.of("UnlockDdl"));
        assertThat(plan.steps().get(0).after()).isEmpty();
        assertThat(plan.steps().get(1).after())
                .containsExactlyInAnyOrder(GTM.name(), COORDINATOR.name());
    }

    @Test
    void withSharedDefinitionsNothingIsAddedOrRemovedWhileNoCoordinatorRuns() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, COORDINATOR);
        answering(report("h3"));

        assertThat(reasons(new Command.AddNode(DATANODE)))
                .containsExactly(
                        "no coordinator runs that could keep changes of definitions out meanwhile:"
                                + " coord_1 (start coordinator all)");
    }

    @Test
    void openTenBaseTakesDatanodesInAscendingOrderOfNamesOnly() {
        topology = Topology.empty(CLUSTER, EngineKind.OPENTENBASE, Networks.HOSTS_ONLY);
        Node earlier = node(NodeKind.DATANODE, "aaa_1", "h3", 5433);
        answers.put(earlier.instances().get(0), new Reply.PlaceReport(List.of()));
        have(GTM, COORDINATOR, DATANODE);
        answering(report("h2", up("coord_1.1")));
        answering(report("h3"));

        assertThat(reasons(new Command.AddNode(earlier)))
                .containsExactly(
                        "the engine opentenbase takes new datanodes only in ascending order of"
                                + " names, and aaa_1 sorts before coord_1, data_1 (choose a name"
                                + " that sorts after data_1)");
    }

    @Test
    void aProxyIsRefusedWhereTheEngineHasNone() {
        have(GTM);
        Node proxy = node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001);
        answers.put(proxy.instances().get(0), new Reply.PlaceReport(List.of()));

        assertThat(reasons(new Command.AddNode(proxy)))
                .containsExactly(
                        "a gtm_proxy cannot be added: the engine postgresql has none (coordinators"
                                + " and datanodes reach the GTM directly)");
    }

    @Test
    void aProxyIsRemovedOnlyWhileItAndTheNodesOfItsHostAreUp() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        Command removal = remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.KEEP);
        have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));
        answering(report("h3"));

        assertThat(planOf(removal).stages()).isNotEmpty();

        have(COORDINATOR, DATANODE);
        String refusal =
                "the nodes that proxy_1 serves leave it by a restart, for which it and they must be"
                        + " up: data_1 could not (first: start proxy_1 data_1)";
        answering(report("h3", up("data_1.1")));
        assertThat(reasons(removal)).containsExactly(refusal);
        answering(report("h3", up("proxy_1.1")));
        assertThat(reasons(removal)).containsExactly(refusal);

        answering(report("h3", up("proxy_1.1"), up("data_1.1")));
        assertThat(titles(planOf(removal)))
                .contains("stop data_1 on h3, so that it leaves proxy_1");
    }

    @Test
    void removingByTheWrongKindSaysTheCommandThatWould() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, COORDINATOR, node(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001));

        assertThat(reasons(remove(NodeKind.DATANODE, "coord_1", Disposal.ERASE)))
                .containsExactly(
                        "coord_1 is a coordinator, not a datanode (remove coordinator master"
                                + " coord_1 clean)");
        assertThat(reasons(remove(NodeKind.DATANODE, "proxy_1", Disposal.KEEP)))
                .containsExactly(
                        "proxy_1 is a gtm_proxy, not a datanode (remove gtm_proxy proxy_1)");
        assertThat(reasons(remove(NodeKind.DATANODE, "gtm_1", Disposal.KEEP)))
                .containsExactly("gtm_1 is a gtm, not a datanode (remove gtm master)");
    }

    @Test
    void onePlaceNeedsOneProxyOnly() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h1", 20001));
        answering(report("h3"));
        Node another = node(NodeKind.GTM_PROXY, "proxy_2", "h3", 20001);
        answers.put(another.instances().get(0), new Reply.PlaceReport(List.of()));

        assertThat(Planner.plan(new Command.AddNode(another), seen()).problems()).isEmpty();
        place("h1", "machine-1");
        place("h3", "machine-2");
        assertThat(Planner.plan(new Command.AddNode(another), seen()).problems()).isEmpty();
        place("h3", "machine-1");
        assertThat(reasons(new Command.AddNode(another)))
                .containsExactly(
                        "host h3 runs in one place with h1, which has a GTM proxy, proxy_1 (one is"
                                + " enough for all nodes of a place)");
    }

    @Test
    void theNodesOfAProxysPlaceStartAnewToReachTheGtmThroughIt() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, COORDINATOR, DATANODE);
        answering(report("h1"));
        answering(report(hostOf(COORDINATOR), up(COORDINATOR.name() + ".1")));
        answering(report(hostOf(DATANODE), up(DATANODE.name() + ".1")));
        Node proxy = node(NodeKind.GTM_PROXY, "proxy_1", hostOf(DATANODE), 20001);
        answers.put(proxy.instances().get(0), new Reply.PlaceReport(List.of()));
        String why = ", so that it reaches the GTM through proxy_1";

        assertThat(titles(planOf(new Command.AddNode(proxy))))
                .contains("stop data_1 on h3" + why)
                .doesNotContain("stop coord_1 on h2" + why);
        place(hostOf(COORDINATOR), "machine-1");
        place(hostOf(DATANODE), "machine-1");
        assertThat(titles(planOf(new Command.AddNode(proxy))))
                .containsSubsequence(
                        "stop data_1 on h3" + why,
                        "start data_1 on h3 again",
                        "stop coord_1 on h2" + why,
                        "start coord_1 on h2 again");

        have(proxy);
        answering(report(hostOf(DATANODE), up(DATANODE.name() + ".1"), up("proxy_1.1")));
        place(hostOf(DATANODE), "machine-1");
        assertThat(titles(planOf(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE))))
                .contains("stop coord_1 on h2, so that it leaves proxy_1");
        answering(report(hostOf(COORDINATOR)));
        place(hostOf(COORDINATOR), "machine-1");
        assertThat(reasons(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE)))
                .singleElement()
                .asString()
                .contains("coord_1 could not");
    }

    @Test
    void aNewNodeIsToldOfTheProxyOfItsPlace() {
        topology = Topology.empty(CLUSTER, EngineKind.POSTGRES_XL, Networks.HOSTS_ONLY);
        have(GTM, node(NodeKind.GTM_PROXY, "proxy_1", "h2", 20001), COORDINATOR);
        answering(report("h2", up(COORDINATOR.name() + ".1")));
        answering(report("h3"));
        place("h2", "machine-1");
        place("h3", "machine-1");

        Action.PrepareInstance prepare =
                (Action.PrepareInstance)
                        planOf(new Command.AddNode(DATANODE)).steps().get(0).action();
        assertThat(prepare.spec().gtm().orElseThrow().proxy()).contains(HostPort.parse("h2:20001"));
    }

    @Test
    void whileASettingContradictsTheClusterNothingIsAddedAndAllElseGoesOn() {
        have(GTM);
        answering(report("h1", up(GTM.name() + ".1")));
        contradictions.add(
                Problem.of("xlctl.yaml:3:8: networks.tls is no, but ...", "set it back"));

        assertThat(reasons(new Command.AddNode(COORDINATOR)))
                .containsExactly("xlctl.yaml:3:8: networks.tls is no, but ... (set it back)");
        planOf(new Command.Stop(Target.ALL, StopMode.FAST));
    }

    private static String hostOf(Node node) {
        return node.instances().get(0).host().value();
    }

    private void place(String host, String place) {
        hosts.computeIfPresent(
                new HostName(host),
                (name, view) ->
                        new HostView(
                                name,
                                Optional.of(
                                        new HostRecord(
                                                name,
                                                HostPort.parse(host + ":7422"),
                                                KEY,
                                                Instant.EPOCH,
                                                Optional.of(place),
                                                Optional.empty())),
                                view.presence(),
                                view.report(),
                                view.unreachable()));
    }

    private Observation seen() {
        Map<NodeName, NodeState> states = new HashMap<>();
        topology.nodes()
                .forEach(
                        node ->
                                states.put(
                                        node.name(),
                                        NodeState.first(
                                                node.instances().get(0).name(),
                                                Instant.EPOCH,
                                                "test")));
        return new Observation(
                topology,
                founded,
                states,
                hosts,
                answers,
                lock,
                open,
                added,
                Map.of(),
                Optional.empty(),
                contradictions);
    }

    private Plan planOf(Command command) {
        Planned planned = Planner.plan(command, seen());
        assertThat(planned.problems()).isEmpty();
        return planned.plan().orElseThrow();
    }

    private List<String> reasons(Command command) {
        Planned planned = Planner.plan(command, seen());
        assertThat(planned.plan()).isEmpty();
        return planned.problems().stream().map(Problem::toString).collect(Collectors.toList());
    }

    private void have(Node... nodes) {
        founded = true;
        for (Node node : nodes) {
            topology = topology.with(node);
        }
    }

    private void answering(Reply.HostReport report) {
        hosts.put(
                report.host(),
                new HostView(
                        report.host(),
                        Optional.of(record(report.host().value())),
                        Optional.empty(),
                        Optional.of(report),
                        Optional.empty()));
        for (Node node : List.of(GTM, COORDINATOR, DATANODE)) {
            answers.putIfAbsent(node.instances().get(0), new Reply.PlaceReport(List.of()));
        }
    }

    private Reply.HostReport report(String host, InstanceReport... instances) {
        return new Reply.HostReport(
                new HostName(host),
                "1",
                new Reply.EngineReport(topology.engine(), "/usr", Optional.of("15.0"), List.of()),
                List.of(),
                List.of(instances),
                true,
                0,
                List.of());
    }

    private static InstanceReport up(String instance) {
        return new InstanceReport(
                InstanceName.parse(instance),
                InstanceReport.State.UP,
                Optional.of(Role.MASTER),
                Optional.empty(),
                Optional.empty(),
                Instant.EPOCH,
                "",
                List.of());
    }

    private static HostRecord record(String host) {
        return new HostRecord(
                new HostName(host), HostPort.parse(host + ":7422"), KEY, Instant.EPOCH);
    }

    private static OperationHeader operation(long number, OperationHeader.State state) {
        return new OperationHeader(
                number,
                "add something",
                "alice",
                "db1",
                Instant.EPOCH,
                state,
                1,
                Optional.empty(),
                "");
    }

    private static Command remove(NodeKind kind, String name, Disposal disposal) {
        return new Command.RemoveNode(kind, Optional.of(new NodeName(name)), disposal);
    }

    private static Node node(NodeKind kind, String name, String host) {
        return node(kind, name, host, 5432);
    }

    private static Node node(NodeKind kind, String name, String host, int port) {
        return node(kind, name, host, port, "data/" + name);
    }

    private static Node node(NodeKind kind, String name, String host, int port, String directory) {
        return new Node(
                new NodeName(name),
                kind,
                "",
                "",
                List.of(
                        new Instance(
                                new InstanceName(new NodeName(name), 1),
                                new HostName(host),
                                new Port(port),
                                Optional.empty(),
                                new Directory(directory),
                                Optional.empty())));
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

    private static List<String> actions(List<Step> stage) {
        return stage.stream()
                .map(step -> step.action().getClass().getSimpleName())
                .collect(Collectors.toList());
    }

    private static List<String> titles(Plan plan) {
        return plan.steps().stream().map(Step::title).collect(Collectors.toList());
    }
}
