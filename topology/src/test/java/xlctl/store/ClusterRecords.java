package xlctl.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.RecordTree.Access;
import xlctl.store.RecordTree.Create;
import xlctl.store.RecordTree.Lifetime;
import xlctl.store.RecordTree.Write;

/** The records of a test's cluster, which is prepared, as text. */
final class ClusterRecords {
    private final RecordTree tree;
    private final String root;

    ClusterRecords(RecordTrees trees) {
        tree = trees.connect(Party.CONTROLLER);
        root = "/xlctl/" + trees.cluster();
        new ClusterStore(tree, trees.cluster()).prepare();
    }

    RecordTree tree() {
        return tree;
    }

    /** The path of the cluster. */
    String root() {
        return root;
    }

    void create(String path, String text) {
        write(record(path, text));
    }

    void write(Write... writes) {
        tree.write(List.of(writes));
    }

    Create record(String path, String text) {
        return new Create(root + path, bytes(text), Lifetime.PERSISTENT, Access.CLUSTER);
    }

    Optional<String> text(String path) {
        return tree.read(root + path).map(stored -> new String(stored.value(), UTF_8));
    }

    static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }
}
