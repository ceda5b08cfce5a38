package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.ClusterName;

class InMemoryRecordTreeTest extends RecordTreeContract {
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final List<RecordTree> open = new ArrayList<>();

    @Override
    RecordTree connect(Party party) {
        RecordTree tree = server.connect(party);
        open.add(tree);
        return tree;
    }

    @Override
    void expire(RecordTree session) {
        ((InMemoryRecordTree) session).expire();
    }

    @Override
    ClusterName cluster() {
        return new ClusterName("test");
    }

    @AfterEach
    void closeAll() {
        open.forEach(RecordTree::close);
    }

    @Test
    void keepsTheSessionWhileTheConnectionIsLost() {
        InMemoryRecordTree tree = new InMemoryRecordTree();
        ClusterStore store = new ClusterStore(tree, cluster());
        store.prepare();
        AtomicInteger woken = new AtomicInteger();
        store.watchTopology(woken::incrementAndGet);
        await().until(() -> woken.get() == 1);

        tree.suspend();

        assertThat(tree.connected()).isFalse();
        assertThatThrownBy(store::topology)
                .isInstanceOf(StoreException.Unreachable.class)
                .hasMessageContaining("connection is lost");
        tree.resume();
        assertThat(tree.connected()).isTrue();
        assertThat(store.topology()).isEmpty();
        await().until(() -> woken.get() == 2);
        tree.close();
    }
}
