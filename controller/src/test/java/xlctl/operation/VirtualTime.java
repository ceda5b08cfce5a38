package xlctl.operation;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;

/**
 * Time that passes only where somebody waits, and then at once: up to what happens next, or to the
 * end of the wait. Of several who wait the one with the earliest end need not be the first; nobody
 * waits longer than asked for because of that.
 */
final class VirtualTime implements Waiting {
    private record Event(long at, Runnable what) {}

    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::at));
    private long now;

    /** What happens when this much time has passed from now. */
    synchronized void after(Duration delay, Runnable what) {
        events.add(new Event(now + delay.toNanos(), what));
    }

    /** As for a caller that is busy for so long. */
    synchronized void pass(Duration time) {
        now += time.toNanos();
    }

    @Override
    public synchronized long nanoTime() {
        return now;
    }

    @Override
    public synchronized boolean until(CompletableFuture<?> done, Duration limit) {
        long end = now + limit.toNanos();
        while (!done.isDone()) {
            if (events.isEmpty() || events.peek().at() > end) {
                now = Math.max(now, end);
                return done.isDone();
            }
            Event next = events.remove();
            now = Math.max(now, next.at());
            next.what().run();
        }
        return true;
    }
}
