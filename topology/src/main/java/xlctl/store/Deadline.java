package xlctl.store;

import java.time.Duration;

/** A point on the monotonic clock. */
final class Deadline {
    private final long end;

    Deadline(Duration fromNow) {
        end = System.nanoTime() + fromNow.toNanos();
    }

    boolean passed() {
        return System.nanoTime() - end >= 0;
    }
}
