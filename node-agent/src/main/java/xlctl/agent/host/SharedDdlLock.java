package xlctl.agent.host;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import xlctl.agent.engine.DdlLock;
import xlctl.agent.engine.EngineException;
import xlctl.agent.engine.ServerLink;

/**
 * The one DDL lock of a coordinator, for several operations at once: those of one script run at the
 * same time. Thread-safe.
 */
final class SharedDdlLock {
    private final ServerLink link;

    /** Operations and when each loses it, in {@link System#nanoTime}. */
    private final Map<Long, Long> holders = new HashMap<>();

    private Optional<DdlLock> lock = Optional.empty();

    SharedDdlLock(ServerLink link) {
        this.link = link;
    }

    /**
     * @throws EngineException when the server does not give it
     */
    synchronized void take(long operation, Duration longest) throws EngineException {
        expire();
        if (lock.isPresent() && !lock.get().held()) {
            release();
        }
        if (lock.isEmpty()) {
            lock = Optional.of(link.lockDdl());
        }
        holders.put(operation, System.nanoTime() + longest.toNanos());
    }

    /** Whether the operation has had it without a gap since it took it. */
    synchronized boolean heldBy(long operation) {
        expire();
        if (lock.isPresent() && !lock.get().held()) {
            release();
        }
        return holders.containsKey(operation);
    }

    synchronized void give(long operation) {
        holders.remove(operation);
        if (holders.isEmpty()) {
            release();
        }
    }

    /** Takes it from operations whose time is over. */
    synchronized void expire() {
        long now = System.nanoTime();
        if (holders.values().removeIf(deadline -> deadline - now <= 0) && holders.isEmpty()) {
            release();
        }
    }

    synchronized void release() {
        holders.clear();
        lock.ifPresent(DdlLock::close);
        lock = Optional.empty();
    }
}
