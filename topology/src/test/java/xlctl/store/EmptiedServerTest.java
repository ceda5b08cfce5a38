package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import xlctl.topology.EngineKind;
import xlctl.topology.Networks;
import xlctl.topology.Topology;

/** A ZooKeeper server that comes back without its data, under clients that saw them. */
@Tag("slow")
class EmptiedServerTest {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    /**
     * The server's numbers begin anew, and it turns away clients that have seen higher ones: they
     * must begin a session anew as well.
     */
    @Test
    void clientsFindTheStoreEmptyAndAreToldSo() throws Exception {
        ClusterStore store = ZOOKEEPER.controllerStore();
        ClusterStore agent = ZOOKEEPER.agentStore();
        store.change()
                .createTopology(
                        Topology.empty(
                                ZOOKEEPER.cluster(), EngineKind.POSTGRESQL, Networks.HOSTS_ONLY))
                .commit();
        AtomicInteger calls = new AtomicInteger();
        agent.watchTopology(calls::incrementAndGet);
        await().until(() -> calls.get() > 0);
        int before = calls.get();

        ZOOKEEPER.startEmptied();

        Duration patience = Duration.ofSeconds(40);
        await().atMost(patience).until(() -> agent.tree().connected());
        await().atMost(patience).until(() -> calls.get() > before);
        assertThat(agent.topology()).isEmpty();
        await().atMost(patience).until(() -> store.tree().connected());
        store.prepare();
        assertThat(store.topology()).isEmpty();
        assertThat(store.lineage()).isEmpty();
    }
}
