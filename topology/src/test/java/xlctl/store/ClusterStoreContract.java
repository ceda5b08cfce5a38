package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static xlctl.store.SampleRecords.HOST;
import static xlctl.store.SampleRecords.NOW;
import static xlctl.store.SampleRecords.holder;
import static xlctl.store.SampleRecords.instance;
import static xlctl.store.SampleRecords.name;
import static xlctl.store.SampleRecords.operation;
import static xlctl.store.SampleRecords.presence;
import static xlctl.store.SampleRecords.report;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.NodeState;
import xlctl.topology.Topology;

/** What a {@link ClusterStore} keeps to over every tree. */
abstract class ClusterStoreContract {
    private ClusterStore store;

    abstract RecordTrees trees();

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

    @Test
    void wakesOnTheRecordsThatAreWatched() throws InterruptedException {
        Semaphore topology = new Semaphore(0);
        Semaphore states = new Semaphore(0);
        store.watchTopology(topology::release);
        store.watchNodeStates(states::release);
        Semaphore hosts = new Semaphore(0);
        store.watchHosts(hosts::release);
        for (Semaphore one : List.of(topology, states, hosts)) {
            assertThat(one.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        }

        store.change().createTopology(topology(1)).commit();
        assertThat(topology.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        store.change().createNodeState(NodeState.first(instance(1).name(), NOW, "x")).commit();
        assertThat(states.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
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
        return new ClusterStore(trees().connect(party), trees().cluster());
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
        return SampleRecords.topology(trees().cluster(), instances);
    }
}
