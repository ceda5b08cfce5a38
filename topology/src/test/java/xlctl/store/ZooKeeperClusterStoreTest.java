package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class ZooKeeperClusterStoreTest extends ClusterStoreContract {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Override
    RecordTrees trees() {
        return ZOOKEEPER;
    }
}
