package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class InMemoryClusterStoreTest extends ClusterStoreContract {
    @RegisterExtension final InMemoryTrees trees = new InMemoryTrees();

    @Override
    RecordTrees trees() {
        return trees;
    }
}
