package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.operation.World.QUIET;
import static xlctl.operation.World.add;
import static xlctl.operation.World.inService;
import static xlctl.operation.World.remove;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import xlctl.agent.api.Disposal;
import xlctl.command.Command;
import xlctl.store.HostRecord;
import xlctl.store.OperationHeader;
import xlctl.store.RecordTree;
import xlctl.store.StepRecord;
import xlctl.topology.Cidr;
import xlctl.topology.EngineKind;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Networks;
import xlctl.topology.NodeKind;
import xlctl.topology.SqlName;
import xlctl.topology.TlsVersion;

/**
 * Crashes the controller before and after every write and request of every plan; another one then
 * finishes or undoes what was left. Before the commit point all is as it was, after it as asked.
 */
class CrashTest {
    private static final Command GTM = add(NodeKind.GTM, "gtm_1", "h1");
    private static final Command COORDINATOR = add(NodeKind.COORDINATOR, "coord_1", "h2");
    private static final Command DATANODE = add(NodeKind.DATANODE, "data_1", "h3");

    private static final Networks NETWORKS =
            Networks.plain(List.of(new Cidr("10.0.0.0/24")), List.of());

    /** What is there, and what is asked for. */
    private record Scenario(
            String name,
            EngineKind engine,
            Networks networks,
            List<Command> there,
            List<Command> asked) {
        Scenario(String name, EngineKind engine, List<Command> there, List<Command> asked) {
            this(name, engine, NETWORKS, there, asked);
        }

        World world() {
            World world = new World(engine, networks, "h1", "h2", "h3");
            return there.isEmpty() ? world : world.with(there.toArray(new Command[0]));
        }
    }

    private static List<Scenario> scenarios() {
        List<Scenario> all = new ArrayList<>();
        for (EngineKind engine : EngineKind.values()) {
            all.addAll(scenarios(engine));
        }
        all.addAll(serviceScenarios());
        all.add(
                new Scenario(
                        "make a database",
                        EngineKind.POSTGRESQL,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(
                                new Command.CreateDatabase(
                                        Optional.empty(), new SqlName("shop"), Optional.empty()))));
        all.add(withTls("add the GTM with TLS", List.of(), GTM));
        all.add(withTls("add a datanode with TLS", List.of(GTM, COORDINATOR), DATANODE));
        all.add(withTls("add all at once with TLS", List.of(), GTM, COORDINATOR, DATANODE));
        all.add(
                withTls(
                        "remove a datanode with TLS",
                        List.of(GTM, COORDINATOR, DATANODE),
                        remove(NodeKind.DATANODE, "data_1", Disposal.ERASE)));
        Command proxy = add(NodeKind.GTM_PROXY, "proxy_1", "h3", 20001);
        all.add(
                new Scenario(
                        "add a proxy beside a datanode",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(proxy)));
        all.add(
                new Scenario(
                        "add a proxy and its datanode",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR),
                        List.of(proxy, DATANODE)));
        all.add(
                new Scenario(
                        "remove a proxy",
                        EngineKind.POSTGRES_XL,
                        List.of(GTM, COORDINATOR, proxy, DATANODE),
                        List.of(remove(NodeKind.GTM_PROXY, "proxy_1", Disposal.ERASE))));
        return all;
    }

    private static Scenario withTls(String name, List<Command> there, Command... asked) {
        return new Scenario(
                name,
                EngineKind.POSTGRESQL,
                NETWORKS.with(TlsVersion.TLS_1_2),
                there,
                List.of(asked));
    }

    private static List<Scenario> serviceScenarios() {
        Command gtm = inService(add(NodeKind.GTM, "gtm_1", "s1"));
        Command coordinator = inService(add(NodeKind.COORDINATOR, "coord_1", "s2"));
        Command datanode = inService(add(NodeKind.DATANODE, "data_1", "s3"));
        Command beside = inService(add(NodeKind.DATANODE, "data_2", "s3", 5433));
        Command proxy = inService(add(NodeKind.GTM_PROXY, "proxy_1", "s4", 20001));
        List<Scenario> all = new ArrayList<>();
        for (EngineKind engine : List.of(EngineKind.POSTGRESQL, EngineKind.POSTGRES_XL)) {
            all.add(new Scenario("add a GTM as a service", engine, List.of(), List.of(gtm)));
            all.add(
                    new Scenario(
                            "add a coordinator as a service",
                            engine,
                            List.of(GTM),
                            List.of(coordinator)));
            all.add(
                    new Scenario(
                            "add a datanode as a service",
                            engine,
                            List.of(GTM, COORDINATOR),
                            List.of(datanode)));
            all.add(
                    new Scenario(
                            "add two datanodes of one service",
                            engine,
                            List.of(GTM, coordinator),
                            List.of(datanode, beside)));
            all.add(
                    new Scenario(
                            "remove a datanode with its service",
                            engine,
                            List.of(gtm, coordinator, datanode),
                            List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))));
            all.add(
                    new Scenario(
                            "remove one of two datanodes of a service",
                            engine,
                            List.of(gtm, coordinator, datanode, beside),
                            List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))));
        }
        all.add(
                new Scenario(
                        "add a proxy as a service",
                        EngineKind.POSTGRES_XL,
                        List.of(gtm, coordinator),
                        List.of(proxy)));
        return all;
    }

    private static List<Scenario> scenarios(EngineKind engine) {
        return List.of(
                new Scenario("add the GTM", engine, List.of(), List.of(GTM)),
                new Scenario("add a coordinator", engine, List.of(GTM), List.of(COORDINATOR)),
                new Scenario(
                        "add a datanode", engine, List.of(GTM, COORDINATOR), List.of(DATANODE)),
                new Scenario(
                        "add all at once", engine, List.of(), List.of(GTM, COORDINATOR, DATANODE)),
                new Scenario(
                        "remove the GTM",
                        engine,
                        List.of(GTM),
                        List.of(remove(NodeKind.GTM, "gtm_1", Disposal.ERASE))),
                new Scenario(
                        "remove a coordinator",
                        engine,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(remove(NodeKind.COORDINATOR, "coord_1", Disposal.KEEP))),
                new Scenario(
                        "remove a datanode",
                        engine,
                        List.of(GTM, COORDINATOR, DATANODE),
                        List.of(remove(NodeKind.DATANODE, "data_1", Disposal.ERASE))));
    }

    @TestFactory
    Stream<DynamicTest> resumedAfterACrashAnywhereItEndsAsAsked() {
        return atEveryPoint(scenarios(), CrashTest::resumeAll);
    }

    @TestFactory
    Stream<DynamicTest> rolledBackAfterACrashAnywhereItIsAsItWasUnlessPastTheCommitPoint() {
        return atEveryPoint(scenarios(), CrashTest::rollBackAll);
    }

    @TestFactory
    Stream<DynamicTest> aRemovalResumedAfterACrashSparesTablesThatCameBeforeItsCommitPoint() {
        List<Scenario> removal =
                scenarios().stream()
                        .filter(scenario -> scenario.name().equals("remove a datanode"))
                        .toList();
        return atEveryPoint(removal, CrashTest::resumeWithTables);
    }

    @TestFactory
    Stream<DynamicTest> aRotationOfCertificatesResumedAfterACrashIsDone() {
        List<Command> rotation = List.of(new Command.RotateCertificates(List.of()));
        return atEveryPoint(
                List.of(
                        withTls(
                                "rotate certificates",
                                List.of(GTM, COORDINATOR),
                                rotation.toArray(new Command[0]))),
                CrashTest::resumeAll);
    }

    /** Deals with what a crash left, given what was there before. */
    @FunctionalInterface
    private interface Recovery {
        void in(World world, Operations controller, World.Picture before);
    }

    private static Stream<DynamicTest> atEveryPoint(List<Scenario> scenarios, Recovery recovery) {
        List<DynamicTest> tests = new ArrayList<>();
        for (Scenario scenario : scenarios) {
            int points = pointsOf(scenario);
            assertThat(points).as("points of " + scenario.name()).isGreaterThan(20);
            for (int point = 1; point <= points; point++) {
                int at = point;
                tests.add(
                        DynamicTest.dynamicTest(
                                scenario.engine()
                                        + ": "
                                        + scenario.name()
                                        + ", crash at "
                                        + at
                                        + " of "
                                        + points,
                                () -> crashAndRecover(scenario, at, recovery)));
            }
        }
        return tests.stream();
    }

    private static int pointsOf(Scenario scenario) {
        CrashPoint none = CrashPoint.never();
        try (World world = scenario.world()) {
            RecordTree tree = none.around(world.session());
            List<Outcome> outcomes =
                    world.controller(
                                    tree,
                                    none.around(world.agents()),
                                    none.around(world.services()),
                                    "first")
                            .run(scenario.asked(), QUIET, new Cancellation());
            assertThat(outcomes).allMatch(outcome -> outcome.end() == Outcome.End.DONE);
            assertConsistent(world);
            return none.passed();
        }
    }

    private static void crashAndRecover(Scenario scenario, int at, Recovery recovery) {
        CrashPoint crash = new CrashPoint(at);
        try (World world = scenario.world()) {
            World.Picture before = world.picture();
            RecordTree session = world.session();
            Operations first =
                    world.controller(
                            crash.around(session),
                            crash.around(world.agents()),
                            crash.around(world.services()),
                            "first");
            assertThatThrownBy(() -> first.run(scenario.asked(), QUIET, new Cancellation()))
                    .isInstanceOf(CrashPoint.Crash.class);
            session.close();
            recovery.in(world, world.controller("second"), before);
            assertThat(world.openOperations()).isEmpty();
            assertThat(world.store().lock()).isEmpty();
            assertConsistent(world);
        }
    }

    private static void resumeAll(World world, Operations controller, World.Picture before) {
        for (OperationHeader open : world.openOperations()) {
            Outcome outcome = controller.resume(open.number(), QUIET, new Cancellation());
            assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
            assertThat(world.store().operation(open.number()).get().value().state())
                    .isEqualTo(OperationHeader.State.DONE);
        }
    }

    private static void resumeWithTables(World world, Operations controller, World.Picture before) {
        boolean nothingCommitted = world.picture().nodes().equals(before.nodes());
        world.agents().host("h3").withTables("data_1", List.of("app.public.orders"));
        world.openOperations()
                .forEach(open -> controller.resume(open.number(), QUIET, new Cancellation()));
        if (nothingCommitted) {
            assertThat(world.picture()).isEqualTo(before);
        }
    }

    private static void rollBackAll(World world, Operations controller, World.Picture before) {
        List<OperationHeader> open = new ArrayList<>(world.openOperations());
        Collections.reverse(open);
        boolean nothingCommitted =
                world.operations().stream().noneMatch(each -> committed(world, each));
        for (OperationHeader each : open) {
            Outcome outcome = controller.rollback(each.number(), QUIET, new Cancellation());
            OperationHeader.State now =
                    world.store().operation(each.number()).get().value().state();
            if (outcome.end() == Outcome.End.REFUSED) {
                assertThat(outcome.problems().get(0).what()).containsAnyOf("commit point", "first");
                assertThat(now.open()).isTrue();
            } else {
                assertThat(outcome.end()).as("%s", outcome).isEqualTo(Outcome.End.DONE);
                assertThat(now).isEqualTo(OperationHeader.State.UNDONE);
            }
        }
        if (nothingCommitted) {
            assertThat(world.openOperations()).isEmpty();
            assertThat(world.picture()).isEqualTo(before);
        }
        resumeAll(world, controller, before);
    }

    /** Whether an operation of the controller that crashed is past its commit point. */
    private static boolean committed(World world, OperationHeader operation) {
        if (!operation.who().equals("first")) {
            return false;
        }
        int commit = Journal.planOf(world.store(), operation.number()).commit().getAsInt();
        return world.store().steps(operation.number()).get(commit).value().state()
                == StepRecord.State.DONE;
    }

    /** Hosts run what the topology names, and nothing else; each has its state; hosts know. */
    private static void assertConsistent(World world) {
        World.Picture picture = world.picture();
        Map<HostName, Map<InstanceName, InstanceReport.State>> wanted = new HashMap<>();
        picture.instances().keySet().forEach(host -> wanted.put(host, new HashMap<>()));
        picture.nodes().stream()
                .flatMap(node -> node.instances().stream())
                .forEach(
                        (Instance instance) ->
                                wanted.get(instance.host())
                                        .put(instance.name(), InstanceReport.State.UP));
        assertThat(picture.instances()).isEqualTo(wanted);
        assertServices(picture);
        assertCertificates(world);
        assertThat(picture.databases()).noneMatch(database -> database.endsWith("closed"));
        assertThat(
                        picture.databases().stream()
                                .map(database -> database.split("[.]")[0])
                                .sorted()
                                .toList())
                .isIn(List.of(), List.of("coord_1", "data_1"));
        assertThat(world.agents().hosts()).allMatch(host -> host.ddlLockHolders().isEmpty());
        assertThat(picture.states())
                .containsExactlyInAnyOrderElementsOf(
                        picture.nodes().stream().map(node -> node.name()).toList());
        int version = world.store().topology().map(topology -> topology.version()).orElse(-1);
        world.agents().hosts().stream()
                .filter(host -> !host.instances().isEmpty())
                .forEach(host -> assertThat(host.applied()).isEqualTo(version));
    }

    /** In a cluster with TLS the hosts that have instances have a certificate, and no others. */
    private static void assertCertificates(World world) {
        boolean encrypted =
                world.store().topology().stream()
                        .anyMatch(topology -> topology.value().networks().encrypted());
        assertThat(world.agents().hosts())
                .allMatch(
                        host ->
                                host.certificate().isPresent()
                                        == (encrypted && !host.instances().isEmpty()));
    }

    /**
     * The registered hosts that are services have one, with a volume and a member; no other does.
     */
    private static void assertServices(World.Picture picture) {
        Set<HostName> registered =
                picture.hosts().stream()
                        .filter(record -> record.service().isPresent())
                        .map(HostRecord::host)
                        .collect(Collectors.toSet());
        Set<HostName> used =
                picture.nodes().stream()
                        .flatMap(node -> node.instances().stream())
                        .map(Instance::host)
                        .filter(host -> host.value().startsWith("s"))
                        .collect(Collectors.toSet());
        assertThat(registered).isEqualTo(used);
        assertThat(picture.services()).isEqualTo(used);
        assertThat(picture.volumes())
                .containsExactlyInAnyOrderElementsOf(
                        used.stream().map(host -> World.CLUSTER + "_" + host).toList());
    }
}
