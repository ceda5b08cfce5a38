package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Lifetime;
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
import xlctl.topology.Port;
import xlctl.topology.Problem;
import xlctl.topology.Role;
import xlctl.topology.Topology;

/** What a {@link ClusterStore} keeps to over every tree. */
abstract class ClusterStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456Z");
    private static final HostName HOST = new HostName("127.0.1.3");

    private ClusterStore store;

    abstract RecordTree connect(Party party);

    abstract ClusterName cluster();

    @BeforeEach
    void prepare() {
        store = open(Party.CONTROLLER);
        store.prepare();
    }

    @Test
    void preparingAgainChangesNothing() {
        store.change().createTopology(topology(1)).commit();

        store.prepare();
        open(Party.CONTROLLER).prepare();

        assertThat(store.topology().orElseThrow().value()).isEqualTo(topology(1));
    }

    @Test
    void isEmptyAtFirst() {
        assertThat(store.topology()).isEmpty();
        assertThat(store.nodeStates()).isEmpty();
        assertThat(store.hosts()).isEmpty();
        assertThat(store.presence()).isEmpty();
        assertThat(store.instances()).isEmpty();
        assertThat(store.operations()).isEmpty();
        assertThat(store.lock()).isEmpty();
        assertThat(store.secrets()).isEmpty();
    }

    @Test
    void aFirstTopologyBeginsALifeThatLaterOnesStayIn() {
        assertThat(store.lineage()).isEmpty();
        store.change().createTopology(topology(1)).commit();
        Versioned<Lineage> life = store.lineage().orElseThrow();

        store.change().replaceTopology(topology(2), 0).commit();

        assertThat(store.lineage()).contains(life);
        assertThat(life.value().first()).isTrue();
        assertThat(life.value().anew().first()).isFalse();
    }

    @Test
    void aTopologyIsPutBackWithAVersionAboveTheOldOnes() {
        Lineage life = Lineage.founded().anew();

        store.change().restoreTopology(topology(1_000), 900, life).commit();

        assertThat(store.topology()).contains(new Versioned<>(topology(1_000), 900));
        assertThat(store.lineage().map(Versioned::value)).contains(life);
        store.change().replaceTopology(topology(1), 900).commit();
        assertStale(() -> store.change().restoreTopology(topology(1), 3, life).commit());
        assertThat(store.topology()).contains(new Versioned<>(topology(1), 901));
    }

    @Test
    void aSnapshotIsOfOneMoment() throws Exception {
        store.change().createTopology(topology(0)).commit();
        ClusterStore writer = open(Party.CONTROLLER);
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> {
                            for (int number = 1; number <= 40; number++) {
                                writer.change()
                                        .replaceTopology(topology(number), number - 1)
                                        .createNodeState(
                                                NodeState.first(
                                                        new InstanceName(name(number), 1),
                                                        NOW,
                                                        "test"))
                                        .commit();
                            }
                        });
        boolean last = false;
        while (!last) {
            last = writing.isDone();
            Snapshot now = store.snapshot();
            assertThat(now.nodeStates())
                    .hasSize(now.topology().orElseThrow().value().nodes().size());
        }
        writing.get(10, TimeUnit.SECONDS);
        assertThat(store.snapshot().nodeStates()).hasSize(40);
    }

    @Test
    void keepsTheTopologyByVersion() {
        store.change().createTopology(topology(1)).commit();
        assertThat(store.topology()).contains(new Versioned<>(topology(1), 0));

        store.change().replaceTopology(topology(2), 0).commit();
        assertThat(store.topology()).contains(new Versioned<>(topology(2), 1));

        assertStale(() -> store.change().replaceTopology(topology(3), 0).commit());
        assertStale(() -> store.change().replaceTopology(topology(3), 2).commit());
        assertStale(() -> store.change().createTopology(topology(3)).commit());
        assertThat(store.topology()).contains(new Versioned<>(topology(2), 1));
    }

    @Test
    void keepsEveryOtherKindOfRecord() {
        NodeState state = NodeState.first(instance(1).name(), NOW, "added");
        HostRecord host =
                new HostRecord(
                        HOST,
                        HostPort.parse("127.0.1.3:7422"),
                        "ssh-ed25519 AAAA",
                        NOW,
                        Optional.of("machine-1"),
                        Optional.of("c1_test_host"));
        ClusterSecrets secrets = ClusterSecrets.generate();
        store.change().createNodeState(state).createHost(host).createSecrets(secrets).commit();

        assertThat(store.nodeStates()).containsEntry(name(1), new Versioned<>(state, 0));
        assertThat(store.hosts()).containsEntry(HOST, new Versioned<>(host, 0));
        assertThat(store.secrets()).contains(new Versioned<>(secrets, 0));

        NodeState next =
                new NodeState(
                        instance(1).name(), 2, NodeState.Phase.STABLE, NOW, "for another reason");
        store.change().replaceNodeState(next, 0).replaceHost(host, 0).commit();
        assertThat(store.nodeStates()).containsEntry(name(1), new Versioned<>(next, 1));
        store.change().deleteNodeState(name(1), 1).deleteHost(HOST, 1).commit();
        assertThat(store.nodeStates()).isEmpty();
        assertThat(store.hosts()).isEmpty();
    }

    @Test
    void agentsSayThatTheyAreThereAndHowTheirInstancesAre() {
        ClusterStore agent = open(Party.AGENT);
        agent.change().createPresence(presence(-1)).commit();
        agent.change().createInstance(report(InstanceReport.State.STARTING)).commit();
        agent.change()
                .replacePresence(presence(4), 0)
                .replaceInstance(report(InstanceReport.State.UP), 0)
                .commit();

        assertThat(store.presence()).containsEntry(HOST, new Versioned<>(presence(4), 1));
        assertThat(store.instances())
                .containsEntry(
                        instance(1).name(), new Versioned<>(report(InstanceReport.State.UP), 1));

        agent.change().deleteInstance(instance(1).name(), 1).commit();
        assertThat(store.instances()).isEmpty();
    }

    @Test
    void anAgentLearnsNoSecretAndChangesNoTopology() {
        store.change()
                .createTopology(topology(1))
                .createSecrets(ClusterSecrets.generate())
                .createNodeState(NodeState.first(instance(1).name(), NOW, "added"))
                .commit();
        ClusterStore agent = open(Party.AGENT);

        assertThat(agent.topology().orElseThrow().value()).isEqualTo(topology(1));
        assertThat(agent.nodeStates()).containsOnlyKeys(name(1));
        assertThat(agent.hosts()).isEmpty();
        assertDenied(agent::secrets);
        assertDenied(agent::operations);
        assertDenied(() -> agent.change().replaceTopology(topology(2), 0).commit());
        assertDenied(() -> agent.change().createLock(holder("agent")).commit());
        assertDenied(
                () ->
                        agent.change()
                                .createNodeState(
                                        NodeState.first(instance(2).name(), NOW, "by itself"))
                                .commit());
        assertDenied(() -> agent.change().deleteNodeState(name(1), 0).commit());
        assertThat(store.topology()).contains(new Versioned<>(topology(1), 0));
    }

    @Test
    void whoLacksTheIdentityOfTheClusterReadsNothing() {
        store.change()
                .createTopology(topology(1))
                .createSecrets(ClusterSecrets.generate())
                .createLock(holder("me"))
                .commit();
        ClusterStore stranger = open(Party.STRANGER);

        for (ThrowingCallable read :
                List.<ThrowingCallable>of(
                        stranger::topology,
                        stranger::nodeStates,
                        stranger::hosts,
                        stranger::presence,
                        stranger::instances,
                        stranger::operations,
                        stranger::lock,
                        stranger::secrets)) {
            assertDenied(read);
        }
        assertThatThrownBy(() -> stranger.change().createPresence(presence(-1)).commit())
                .isInstanceOf(StoreException.Denied.class);
    }

    @Test
    void theLockIsHeldOnceAndGivenBackByItsHolderOnly() {
        ClusterStore other = open(Party.CONTROLLER);
        store.change().createLock(holder("me")).commit();

        assertStale(() -> other.change().createLock(holder("other")).commit());
        assertThat(other.lock()).contains(new Versioned<>(holder("me"), 0));
        assertStale(() -> other.change().deleteLock(0).commit());
        assertStale(() -> other.change().checkLock(0).createTopology(topology(1)).commit());
        store.change().checkLock(0).createTopology(topology(1)).commit();
        store.change().deleteLock(0).commit();

        assertThat(store.lock()).isEmpty();
        other.change().createLock(holder("other")).commit();
        assertStale(() -> store.change().checkLock(0).commit());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 199_999, 200_000, 200_001, 600_000})
    void keepsPlansOfAnySize(int size) {
        byte[] plan = new byte[size];
        new Random(size).nextBytes(plan);
        OperationHeader header = operation(7);

        store.change().createOperation(header, plan, 3).commit();

        assertThat(store.plan(7)).isEqualTo(plan);
        assertThat(store.operation(7)).contains(new Versioned<>(header, 0));
        assertThat(store.steps(7))
                .containsExactly(
                        Map.entry(0, new Versioned<>(StepRecord.pending(0), 0)),
                        Map.entry(1, new Versioned<>(StepRecord.pending(1), 0)),
                        Map.entry(2, new Versioned<>(StepRecord.pending(2), 0)));
    }

    @Test
    void keepsALargePlanOfManySteps() {
        byte[] plan = new byte[500_000];

        store.change().createOperation(operation(8), plan, 800).commit();

        assertThat(store.plan(8)).isEqualTo(plan);
        assertThat(store.steps(8)).hasSize(800);
        store.change().deleteOperation(8, 0).commit();
        assertThat(store.operations()).isEmpty();
    }

    @Test
    void journalsOperationsInOrderAndForgetsThemWhole() {
        for (long number : List.of(2L, 10L, 1L)) {
            store.change().createOperation(operation(number), new byte[10], 12).commit();
        }
        StepRecord running =
                new StepRecord(
                        11, StepRecord.State.RUNNING, 1, Optional.of(NOW), Optional.empty(), "x");
        store.change().checkOperation(10, 0).replaceStep(10, running, 0).commit();
        OperationHeader done =
                operation(10).finished(OperationHeader.State.DONE, NOW, "7 members added");
        store.change().replaceOperation(done, 0).commit();

        assertThat(store.operations().keySet()).containsExactly(1L, 2L, 10L);
        assertThat(store.operations().get(10L)).isEqualTo(new Versioned<>(done, 1));
        assertThat(store.steps(10).get(11)).isEqualTo(new Versioned<>(running, 1));
        assertStale(() -> store.change().checkOperation(10, 0).commit());

        store.change().deleteOperation(10, 1).commit();
        assertThat(store.operations().keySet()).containsExactly(1L, 2L);
        assertThat(store.operation(10)).isEmpty();
        assertThat(store.steps(10)).isEmpty();
        assertThatThrownBy(() -> store.plan(10))
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining("operation 10 has no plan");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'' | does not start with",
                "garbage | does not start with",
                "'{}' | does not start with",
                "'xlctl 1 no-mark\n{}' | does not start with",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n{\"cluster' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\n{}' | is not a readable",
                "'xlctl 1 00000000-0000-0000-0000-000000000000\nnull' | null",
                "'xlctl 2 00000000-0000-0000-0000-000000000000\n{}' | newer xlctl",
            })
    void neverTakesAnUnreadableRecordForAnAbsentOne(String found, String message) {
        String path = "/xlctl/" + cluster() + "/topology";
        store.tree()
                .write(
                        List.of(
                                new Create(
                                        path,
                                        found.getBytes(UTF_8),
                                        Lifetime.PERSISTENT,
                                        Access.CLUSTER)));

        assertThatThrownBy(store::topology)
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining(path)
                .hasMessageContaining(message);
        assertStale(() -> store.change().createTopology(topology(1)).commit());
        assertThat(new String(store.tree().read(path).orElseThrow().value(), UTF_8))
                .isEqualTo(found);
    }

    @Test
    void namesAChildThatIsNoRecordOfOurs() {
        String path = "/xlctl/" + cluster() + "/nodes/not a node";
        store.tree()
                .write(List.of(new Create(path, new byte[0], Lifetime.PERSISTENT, Access.CLUSTER)));

        assertThatThrownBy(store::nodeStates)
                .isInstanceOf(StoreException.Unreadable.class)
                .hasMessageContaining(path);
    }

    @Test
    void holdsAThousandInstances() {
        Topology large = topology(1000);
        store.change().createTopology(large).commit();

        Versioned<Topology> read = store.topology().orElseThrow();
        assertThat(read.value()).isEqualTo(large);
        assertThat(store.tree().read("/xlctl/" + cluster() + "/topology").orElseThrow().value())
                .hasSizeLessThan(1_000_000);
        store.change().replaceTopology(large, read.version()).commit();
    }

    @Test
    void readsTheReportsOfAThousandInstances() {
        ClusterStore agent = open(Party.AGENT);
        for (int from = 1; from <= 1000; from += 100) {
            Change change = agent.change();
            for (int number = from; number < from + 100; number++) {
                change.createInstance(report(number, InstanceReport.State.UP));
            }
            change.commit();
        }

        assertThat(store.instances()).hasSize(1000);
        assertThat(store.instances().get(instance(1000).name()).value())
                .isEqualTo(report(1000, InstanceReport.State.UP));
    }

    @Test
    void wakesOnTheRecordsThatAreWatched() throws InterruptedException {
        Semaphore topology = new Semaphore(0);
        Semaphore states = new Semaphore(0);
        Semaphore presence = new Semaphore(0);
        store.watchTopology(topology::release);
        store.watchNodeStates(states::release);
        Semaphore hosts = new Semaphore(0);
        store.watchPresence(presence::release);
        store.watchHosts(hosts::release);
        for (Semaphore one : List.of(topology, states, presence, hosts)) {
            assertThat(one.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }

        store.change().createTopology(topology(1)).commit();
        assertThat(topology.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        store.change().createNodeState(NodeState.first(instance(1).name(), NOW, "x")).commit();
        assertThat(states.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        open(Party.AGENT).change().createPresence(presence(0)).commit();
        assertThat(presence.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        store.change()
                .createHost(
                        new HostRecord(
                                new HostName("h9"),
                                HostPort.parse("h9:7422"),
                                "ssh-ed25519 AAAA",
                                NOW))
                .commit();
        assertThat(hosts.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
    }

    private ClusterStore open(Party party) {
        return new ClusterStore(connect(party), cluster());
    }

    private static void assertStale(ThrowingCallable action) {
        assertThatThrownBy(action).isInstanceOf(StoreException.Stale.class);
    }

    private static void assertDenied(ThrowingCallable action) {
        assertThatThrownBy(action)
                .isInstanceOf(StoreException.Denied.class)
                .hasMessageNotContaining("null");
    }

    private Topology topology(int instances) {
        List<Node> nodes = new ArrayList<>();
        for (int number = 1; number <= instances; number++) {
            nodes.add(
                    new Node(
                            name(number),
                            NodeKind.DATANODE,
                            "shared_buffers = '256MB'\n",
                            "",
                            List.of(instance(number))));
        }
        return new Topology(cluster(), EngineKind.POSTGRESQL, Networks.HOSTS_ONLY, nodes);
    }

    private static NodeName name(int number) {
        return new NodeName("data_m_" + number);
    }

    private static Instance instance(int number) {
        return new Instance(
                new InstanceName(name(number), 1),
                new HostName("db-" + (number / 4) + ".cluster.example"),
                new Port(20_000 + number),
                Optional.of(new Port(40_000 + number)),
                new Directory("data/" + name(number)),
                Optional.of(new Directory("wal/" + name(number))));
    }

    private static Presence presence(int applied) {
        return new Presence(
                HOST,
                "0.1.0",
                HostPort.parse("127.0.1.3:7422"),
                "ssh-ed25519 AAAA",
                applied,
                List.of(Problem.of("the disk is full", "make room")),
                NOW,
                Optional.of("machine-1"),
                Optional.of(
                        List.of(
                                new HeldInstance(
                                        new InstanceName(new NodeName("data_1"), 1),
                                        4,
                                        1,
                                        Optional.of(new Lineage("a cluster", "a life"))))));
    }

    private static InstanceReport report(InstanceReport.State state) {
        return report(1, state);
    }

    private static InstanceReport report(int number, InstanceReport.State state) {
        return new InstanceReport(
                instance(number).name(),
                state,
                Optional.of(Role.MASTER),
                Optional.of(1L),
                Optional.of(4711L),
                NOW,
                "",
                List.of());
    }

    private static LockHolder holder(String who) {
        return new LockHolder(who, "host:1", "add datanode", NOW);
    }

    private static OperationHeader operation(long number) {
        return new OperationHeader(
                number,
                "add datanode master data_m_1",
                "op",
                "host:1",
                NOW,
                OperationHeader.State.RUNNING,
                1,
                Optional.empty(),
                "");
    }
}
