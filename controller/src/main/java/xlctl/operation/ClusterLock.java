package xlctl.operation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.plan.Planner;
import xlctl.store.ClusterStore;
import xlctl.store.LockHolder;
import xlctl.store.StoreException;
import xlctl.store.Versioned;

/**
 * The right to change the cluster. It goes away by itself when this process's session with the
 * store ends; it is no fence: that is the version of an operation's header.
 */
final class ClusterLock {
    /** The lock is never replaced. */
    static final int VERSION = 0;

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLock.class);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

    private final ClusterStore store;
    private final Duration patience;
    private Optional<LockHolder> leftBehind = Optional.empty();

    /**
     * @param patience how long it is waited for while someone else has it
     */
    ClusterLock(ClusterStore store, Duration patience) {
        this.store = store;
        this.patience = patience;
    }

    /**
     * As {@link #take}, and waits a while for who has it; the listener is told whom. Ends early
     * when it is cancelled.
     */
    Optional<LockHolder> await(LockHolder holder, Listener listener, Cancellation cancellation) {
        long deadline = System.nanoTime() + patience.toNanos();
        Optional<LockHolder> told = Optional.empty();
        while (true) {
            Optional<LockHolder> other = take(holder);
            if (other.isEmpty() || System.nanoTime() >= deadline || cancellation.isFired()) {
                return other;
            }
            if (!other.equals(told)) {
                listener.waiting(
                        "up to "
                                + Math.max(1, (deadline - System.nanoTime()) / 1_000_000_000)
                                + " s: "
                                + Planner.heldBy(other.get()).what());
                told = other;
            }
            pause(cancellation);
        }
    }

    private static void pause(Cancellation cancellation) {
        try {
            cancellation.signal().get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            LOG.trace("the lock is looked at again");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.fire();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a cancellation never fails", e);
        }
    }

    /**
     * Takes the lock for this holder.
     *
     * @return who has it instead; empty when it was taken
     * @throws StoreException.Unreachable also when it cannot be told whether it was taken: if it
     *     was, it is given back before this process takes it again
     */
    synchronized Optional<LockHolder> take(LockHolder holder) {
        dropLeftBehind();
        store.prepare();
        while (true) {
            try {
                store.change().createLock(holder).commit();
                return Optional.empty();
            } catch (StoreException.Stale e) {
                Optional<LockHolder> other = store.lock().map(Versioned::value);
                if (other.isPresent()) {
                    return other;
                }
            } catch (StoreException.Unreachable e) {
                leftBehind = Optional.of(holder);
                throw e;
            }
        }
    }

    /** What cannot be released now goes with the session, or when this process takes it again. */
    synchronized void release(LockHolder holder) {
        try {
            delete(holder);
        } catch (StoreException e) {
            leftBehind = Optional.of(holder);
            LOG.warn("the lock could not be released: {}", e.getMessage());
        }
    }

    /** One of a session that is over goes with that, and is waited for like anybody else's. */
    private void dropLeftBehind() {
        if (leftBehind.isPresent()) {
            try {
                delete(leftBehind.get());
            } catch (StoreException.Stale e) {
                LOG.info(
                        "the lock of a session that is over is there for a while: {}",
                        e.getMessage());
            }
            leftBehind = Optional.empty();
        }
    }

    private void delete(LockHolder holder) {
        Optional<Versioned<LockHolder>> present = store.lock();
        if (present.isPresent() && present.get().value().equals(holder)) {
            store.change().deleteLock(present.get().version()).commit();
        }
    }
}
