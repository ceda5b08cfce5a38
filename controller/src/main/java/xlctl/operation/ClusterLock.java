package xlctl.operation;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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

    private final ClusterStore store;
    private Optional<LockHolder> leftBehind = Optional.empty();

    ClusterLock(ClusterStore store) {
        this.store = store;
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

    private void dropLeftBehind() {
        if (leftBehind.isPresent()) {
            delete(leftBehind.get());
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
