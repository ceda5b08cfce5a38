package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.topology.ClusterName;
import xlctl.topology.InstanceName;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;

/** Three ZooKeeper servers of which some are killed. */
@Tag("slow")
class ThreeServersTest {
    private static final ClusterName CLUSTER = new ClusterName("c1");
    private static final Identities IDENTITIES = Identities.generate(CLUSTER);
    private static final NodeName NODE = new NodeName("data_1");
    private static final LockHolder HOLDER = new LockHolder("alice", "db1", "add", Instant.EPOCH);
    private static ZooKeeperEnsemble ensemble;

    private ClusterStore store;

    @BeforeAll
    static void start(@TempDir Path directory) throws IOException {
        ZooKeeperExtension.quieten();
        ensemble = ZooKeeperEnsemble.start(directory);
    }

    @AfterAll
    static void end() {
        ensemble.close();
    }

    @BeforeEach
    void connect() throws IOException {
        ensemble.startAll();
        store = open(ensemble.connectString());
        store.prepare();
    }

    @AfterEach
    void close() throws IOException {
        ensemble.startAll();
        Versioned<NodeState> left = store.nodeStates().get(NODE);
        if (left != null) {
            store.change().deleteNodeState(NODE, left.version()).commit();
        }
        store.close();
    }

    @Test
    void withoutTheOneThatLedEverythingIsThereAndGoesOn() {
        store.change().createNodeState(state("first")).commit();
        store.change().createLock(HOLDER).commit();

        ensemble.kill(ensemble.leader());

        store.change().checkLock(0).replaceNodeState(state("second"), 0).commit();
        assertThat(store.nodeStates().get(NODE)).isEqualTo(new Versioned<>(state("second"), 1));
        assertThat(store.lock().map(Versioned::value)).contains(HOLDER);
        store.change().deleteLock(0).commit();
    }

    @Test
    void noWriteIsLostOrDoneTwiceWhileTheLeaderDies() throws Exception {
        int writes = 300;
        store.change().createNodeState(state("0")).commit();
        CompletableFuture<Void> writing =
                CompletableFuture.runAsync(
                        () -> {
                            for (int number = 0; number < writes; number++) {
                                store.change()
                                        .replaceNodeState(state("" + (number + 1)), number)
                                        .commit();
                            }
                        });
        await().until(() -> store.nodeStates().get(NODE).version() > writes / 10);

        ensemble.kill(ensemble.leader());

        writing.get(60, TimeUnit.SECONDS);
        assertThat(store.nodeStates().get(NODE))
                .isEqualTo(new Versioned<>(state("" + writes), writes));
    }

    @Test
    void withOneLeftNothingIsSentUntilAnotherIsBack() throws IOException {
        store.change().createNodeState(state("first")).commit();
        int leader = ensemble.leader();
        ensemble.kill(leader);
        ensemble.kill((leader + 1) % 3);

        await().until(() -> !store.tree().connected());
        assertThatThrownBy(() -> store.change().replaceNodeState(state("second"), 0).commit())
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("no ZooKeeper server answers at");

        ensemble.startAll();
        await().atMost(Duration.ofSeconds(30)).until(() -> store.tree().connected());
        Versioned<NodeState> found = store.nodeStates().get(NODE);
        assertThat(found.value()).isIn(state("first"), state("second"));
        store.change().replaceNodeState(state("third"), found.version()).commit();
        assertThat(store.nodeStates().get(NODE).value()).isEqualTo(state("third"));
    }

    @Test
    void addressesThatAreWrongAreNoHindranceBesideARightOne() {
        String right = ensemble.connectString().split(",")[0];

        try (ClusterStore other = open("nowhere.invalid:2181,127.0.0.1:1," + right)) {
            other.change().createNodeState(state("first")).commit();
            assertThat(other.nodeStates()).containsKey(NODE);
        }
    }

    private static ClusterStore open(String servers) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        servers,
                        IDENTITIES.controller(),
                        ZooKeeperExtension.SESSION_TIMEOUT,
                        ZooKeeperExtension.CONNECT_TIMEOUT),
                CLUSTER);
    }

    private static NodeState state(String why) {
        return NodeState.first(new InstanceName(NODE, 1), Instant.EPOCH, why);
    }
}
