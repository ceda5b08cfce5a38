package xlctl.agent;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Gives memory back that the heap has grown by: what starting needed, and later what a burst of
 * requests did. By itself the collector lets the old part grow up to its limit before it looks
 * there; an agent shares its host with the servers, and mostly waits. A collection takes some 30
 * ms.
 */
final class SmallHeap implements AutoCloseable {
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(10);
    private static final long GROWTH = 2 * 1024 * 1024;

    private final ScheduledExecutorService looks =
            Executors.newSingleThreadScheduledExecutor(
                    task -> {
                        Thread thread = new Thread(task, "small-heap");
                        thread.setDaemon(true);
                        return thread;
                    });
    private long floor;

    private SmallHeap() {}

    static SmallHeap keep() {
        SmallHeap kept = new SmallHeap();
        var unused =
                kept.looks.scheduleWithFixedDelay(
                        kept::look,
                        BETWEEN_LOOKS.toMillis(),
                        BETWEEN_LOOKS.toMillis(),
                        TimeUnit.MILLISECONDS);
        return kept;
    }

    private void look() {
        if (hasGrown(floor, Runtime.getRuntime().totalMemory())) {
            System.gc();
            floor = Runtime.getRuntime().totalMemory();
        }
    }

    /** Both in bytes; a floor of 0 is that of an agent that has just started. */
    static boolean hasGrown(long floor, long now) {
        return now > floor + GROWTH;
    }

    @Override
    public void close() {
        looks.shutdownNow();
    }
}
