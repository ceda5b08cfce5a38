package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class ZooKeeperSessionTest extends SessionContract {
    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @Override
    RecordTrees trees() {
        return ZOOKEEPER;
    }
}
