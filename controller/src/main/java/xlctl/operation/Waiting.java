package xlctl.operation;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** How time passes for whoever waits: by a clock that nobody sets. Thread-safe. */
public interface Waiting {
    /** By the machine's monotonic clock. */
    Waiting MONOTONIC =
            new Waiting() {
                @Override
                public long nanoTime() {
                    return System.nanoTime();
                }

                @Override
                public boolean until(CompletableFuture<?> done, Duration limit)
                        throws InterruptedException {
                    try {
                        done.get(Math.max(limit.toNanos(), 1), TimeUnit.NANOSECONDS);
                        return true;
                    } catch (ExecutionException e) {
                        return true;
                    } catch (TimeoutException e) {
                        return done.isDone();
                    }
                }
            };

    /** Only differences mean anything. */
    long nanoTime();

    /**
     * Waits until the time is over, or before that until this is done, also with an error.
     *
     * @return whether it is done
     */
    boolean until(CompletableFuture<?> done, Duration limit) throws InterruptedException;
}
