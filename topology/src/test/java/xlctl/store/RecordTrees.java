package xlctl.store;

import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.ClusterName;

/** Where the trees of a test come from. Those that it connects to are closed after it. */
interface RecordTrees {
    /** A session of its own with the tree of this test. */
    RecordTree connect(Party party);

    /** Ends a session, as if its timeout had passed. */
    void expire(RecordTree session);

    ClusterName cluster();
}
