package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that goes round until it is closed: at once when it was woken, else after the pause that
 * the last round asked for. A round that fails unexpectedly is logged, and others follow.
 */
final class Loop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

    /** What is done each time. */
    @FunctionalInterface
    interface Round {
        /**
         * @param woken whether this round was asked for; else its time had come
         * @return how long to wait for the next unless that is asked for
         */
        Duration run(boolean woken) throws InterruptedException;
    }

    private final Thread thread;
    private final Duration first;
    private final Round round;
    private final Object monitor = new Object();

    // Guarded by monitor.
    private boolean woken;

    /**
     * @param first how long the first round waits unless it is asked for
     */
    Loop(String name, Duration first, Round round) {
        this.thread = new Thread(this::run, name);
        this.first = requireNonNull(first, "first is null");
        this.round = requireNonNull(round, "round is null");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Whether it goes round: begun, and not ended by an error that it does not survive. */
    boolean isAtWork() {
        return thread.isAlive();
    }

    /** Asks for a round soon. Does not block. */
    void wake() {
        synchronized (monitor) {
            woken = true;
            monitor.notifyAll();
        }
    }

    /** Interrupts the round under way and waits for its end. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            Duration pause = first;
            while (true) {
                pause = goRound(await(pause));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private Duration goRound(boolean asked) throws InterruptedException {
        try {
            return round.run(asked);
        } catch (RuntimeException | Error e) {
            LOG.error("a round of {} failed unexpectedly", thread.getName(), e);
            return AFTER_FAILURE;
        }
    }

    /** Whether it was woken before the time was over. */
    private boolean await(Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + longest.toNanos();
        synchronized (monitor) {
            long left = longest.toNanos();
            while (!woken && left > 0) {
                monitor.wait(Math.max(1, left / 1_000_000));
                left = deadline - System.nanoTime();
            }
            boolean wasWoken = woken;
            woken = false;
            if (Thread.interrupted()) {
                throw new InterruptedException("closing");
            }
            return wasWoken;
        }
    }
}
