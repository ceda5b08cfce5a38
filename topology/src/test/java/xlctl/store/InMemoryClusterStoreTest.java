package xlctl.store;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.ClusterName;

class InMemoryClusterStoreTest extends ClusterStoreContract {
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final List<RecordTree> open = new ArrayList<>();

    @Override
    RecordTree connect(Party party) {
        RecordTree tree = server.connect(party);
        open.add(tree);
        return tree;
    }

    @Override
    ClusterName cluster() {
        return new ClusterName("test");
    }

    @AfterEach
    void closeAll() {
        open.forEach(RecordTree::close);
    }
}
