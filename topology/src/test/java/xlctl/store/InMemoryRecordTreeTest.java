package xlctl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InMemoryRecordTreeTest extends RecordTreeContract {
    @RegisterExtension final InMemoryTrees trees = new InMemoryTrees();

    @Override
    RecordTrees trees() {
        return trees;
    }

    @Test
    void keepsTheSessionWhileTheConnectionIsLost() {
        InMemoryRecordTree tree = new InMemoryRecordTree();
        ClusterStore store = new ClusterStore(tree, trees.cluster());
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
