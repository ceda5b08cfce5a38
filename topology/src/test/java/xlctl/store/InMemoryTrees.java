package xlctl.store;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.ClusterName;

/** Trees in memory. Register it as a field of the instance: every test has its own. */
final class InMemoryTrees implements RecordTrees, AfterEachCallback {
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final List<RecordTree> open = new ArrayList<>();

    @Override
    public RecordTree connect(Party party) {
        RecordTree tree = server.connect(party);
        open.add(tree);
        return tree;
    }

    @Override
    public void expire(RecordTree session) {
        ((InMemoryRecordTree) session).expire();
    }

    @Override
    public ClusterName cluster() {
        return new ClusterName("test");
    }

    @Override
    public void afterEach(ExtensionContext context) {
        open.forEach(RecordTree::close);
    }
}
