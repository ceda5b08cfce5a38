package xlctl.store;

import org.junit.jupiter.api.extension.RegisterExtension;

class InMemorySessionTest extends SessionContract {
    @RegisterExtension final InMemoryTrees trees = new InMemoryTrees();

    @Override
    RecordTrees trees() {
        return trees;
    }
}
