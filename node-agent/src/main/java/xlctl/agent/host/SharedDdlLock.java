package xlctl.agent.host;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;

/**
 * The one DDL lock of a coordinator, for several operations at once: those of one script run at the
 * same time. Thread-safe.
 */
final class SharedDdlLock {
    private final Source source;

    /** Held while the server is asked, which may take long. */
    private final ReentrantLock using = new ReentrantLock();

    /** Operations and when each loses it, in {@link System#nanoTime}. */
    private final Map<Long, Long> holders = new HashMap<>();

    private Optional<DdlLock> lock = Optional.empty();

    /** Takes the lock of a server. */
    @FunctionalInterface
    interface Source {
        DdlLock lock() throws EngineException;
    }

    SharedDdlLock(Source source) {
        this.source = source;
    }

    /**
     * @throws EngineException when the server does not give it
     */
    void take(long operation, Duration longest) throws EngineException {
        using.lock();
        try {
            dropOutdated();
            if (lock.isEmpty()) {
                lock = Optional.of(source.lock());
            }
            holders.put(operation, System.nanoTime() + longest.toNanos());
        } finally {
            using.unlock();
        }
    }

    /** Whether the operation has had it without a gap since it took it. */
    boolean heldBy(long operation) {
        using.lock();
        try {
            dropOutdated();
            return holders.containsKey(operation);
        } finally {
            using.unlock();
        }
    }

    void give(long operation) {
        using.lock();
        try {
            holders.remove(operation);
            if (holders.isEmpty()) {
                drop();
            }
        } finally {
            using.unlock();
        }
    }

    /** Takes it from operations whose time is over. Does not wait for one that uses it now. */
    void expire() {
        if (using.tryLock()) {
            try {
                dropExpired();
            } finally {
                using.unlock();
            }
        }
    }

    /** Takes it from all. */
    void release() {
        using.lock();
        try {
            drop();
        } finally {
            using.unlock();
        }
    }

    private void dropOutdated() {
        dropExpired();
        if (lock.isPresent() && !lock.get().held()) {
            drop();
        }
    }

    private void dropExpired() {
        long now = System.nanoTime();
        if (holders.values().removeIf(deadline -> deadline - now <= 0) && holders.isEmpty()) {
            drop();
        }
    }

    private void drop() {
        holders.clear();
        lock.ifPresent(DdlLock::close);
        lock = Optional.empty();
    }
}
