package xlctl.operation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import xlctl.store.RecordTree;
import xlctl.store.StoreException;
import xlctl.store.Versioned;

/**
 * A session that waits for a lost connection to return, as one with a ZooKeeper server does, and
 * whose every answer takes its time. Writes that come back belong to the same session or to none.
 */
final class PatientTree implements RecordTree {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final RecordTree tree;
    private final VirtualTime time;
    private final Duration answer;

    PatientTree(RecordTree tree, VirtualTime time, Duration answer) {
        this.tree = tree;
        this.time = time;
        this.answer = answer;
    }

    @Override
    public Optional<Versioned<byte[]>> read(String path) {
        return inTime(() -> tree.read(path));
    }

    @Override
    public Map<String, Versioned<byte[]>> children(String path) {
        return inTime(() -> tree.children(path));
    }

    @Override
    public void write(List<Write> writes) {
        inTime(
                () -> {
                    tree.write(writes);
                    return writes;
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

    private <T> T inTime(Supplier<T> work) {
        long began = time.nanoTime();
        time.pass(answer);
        while (true) {
            try {
                return work.get();
            } catch (StoreException.Unreachable e) {
                if (time.nanoTime() - began > PATIENCE.toNanos()) {
                    throw e;
                }
                time.until(new CompletableFuture<>(), LOOK_AGAIN);
            }
        }
    }
}
