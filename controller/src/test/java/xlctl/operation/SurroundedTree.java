package xlctl.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import xlctl.store.RecordTree;
import xlctl.store.Versioned;

/** A tree in which something happens around every read and every write. */
record SurroundedTree(RecordTree tree, Around reads, Around writes) implements RecordTree {
    interface Around {
        <T> T does(Supplier<T> work);
    }

    @Override
    public Optional<Versioned<byte[]>> read(String path) {
        return reads.does(() -> tree.read(path));
    }

    @Override
    public Map<String, Versioned<byte[]>> children(String path) {
        return reads.does(() -> tree.children(path));
    }

    @Override
    public void write(List<Write> changes) {
        writes.does(
                () -> {
                    tree.write(changes);
                    return changes;
                });
    }

    @Override
    public Watch watch(String path, Runnable changed) {
        return tree.watch(path, changed);
    }

    @Override
    public boolean connected() {
        return tree.connected();
    }

    @Override
    public Duration sessionTimeout() {
        return tree.sessionTimeout();
    }

    @Override
    public void close() {
        tree.close();
    }
}
