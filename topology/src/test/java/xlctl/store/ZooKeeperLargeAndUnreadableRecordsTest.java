package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class ZooKeeperLargeAndUnreadableRecordsTest extends LargeAndUnreadableRecordsContract {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Override
    RecordTrees trees() {
        return ZOOKEEPER;
    }
}
