package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class InMemoryLargeAndUnreadableRecordsTest extends LargeAndUnreadableRecordsContract {
    @RegisterExtension final InMemoryTrees trees = new InMemoryTrees();

    @Override
    RecordTrees trees() {
        return trees;
    }
}
