package xlctl.operation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A bounded number of named threads that begin tasks in the order in which they were given. */
final class Workers implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    Workers(String name, int atOnce) {
        AtomicInteger number = new AtomicInteger();
        threads =
                new ThreadPoolExecutor(
                        atOnce,
                        atOnce,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Runs all tasks and waits until each has ended, also when one of them throws or this thread is
     * interrupted.
     *
     * @param interrupted called at most once, when this thread is interrupted; it stays interrupted
     */
    <T> List<T> all(List<Callable<T>> tasks, Runnable interrupted) {
        List<Future<T>> running = new ArrayList<>();
        tasks.forEach(task -> running.add(threads.submit(task)));
        List<T> results = new ArrayList<>();
        List<Throwable> thrown = new ArrayList<>();
        boolean wasInterrupted = false;
        for (Future<T> each : running) {
            while (true) {
                try {
                    results.add(each.get());
                    break;
                } catch (ExecutionException e) {
                    thrown.add(e.getCause());
                    break;
                } catch (InterruptedException e) {
                    if (!wasInterrupted) {
                        wasInterrupted = true;
                        interrupted.run();
                    }
                }
            }
        }
        if (wasInterrupted) {
            Thread.currentThread().interrupt();
        }
        if (!thrown.isEmpty()) {
            throw asUnchecked(thrown);
        }
        return results;
    }

    private static RuntimeException asUnchecked(List<Throwable> thrown) {
        Throwable first = thrown.get(0);
        thrown.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
        if (first instanceof Error error) {
            throw error;
        }
        return first instanceof RuntimeException exception
                ? exception
                : new IllegalStateException(first);
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
