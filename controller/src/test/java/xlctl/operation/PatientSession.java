package xlctl.operation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import xlctl.store.RecordTree;
import xlctl.store.StoreException;

/**
 * How a session waits for a lost connection to return, as one with a ZooKeeper server does, while
 * its every answer takes its time. Writes that come back belong to the same session or to none.
 */
final class PatientSession {
    private static final Duration LONGEST = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    private final VirtualTime time;
    private final Duration answer;

    PatientSession(VirtualTime time, Duration answer) {
        this.time = time;
        this.answer = answer;
    }

    RecordTree with(RecordTree tree) {
        return new SurroundedTree(tree, this::inTime, this::inTime);
    }

    private <T> T inTime(Supplier<T> work) {
        long began = time.nanoTime();
        time.pass(answer);
        while (true) {
            long now = time.nanoTime();
            try {
                return work.get();
            } catch (StoreException.Unreachable e) {
                if (now - began > LONGEST.toNanos()) {
                    throw e;
                }
                time.until(new CompletableFuture<>(), LOOK_AGAIN);
            }
        }
    }
}
