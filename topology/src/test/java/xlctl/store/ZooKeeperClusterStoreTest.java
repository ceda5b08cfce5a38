package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.ClusterName;

class ZooKeeperClusterStoreTest extends ClusterStoreContract {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Override
    RecordTree connect(Party party) {
        return ZOOKEEPER.connect(party);
    }

    @Override
    ClusterName cluster() {
        return ZOOKEEPER.cluster();
    }
}
