package xlctl.store;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the watches of one tree on one daemon thread. Signals that come before the call are one
 * call.
 */
final class WatchThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WatchThread.class);

    private final BlockingQueue<Runnable> calls = new LinkedBlockingQueue<>();
    private final List<Watched> watches = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    WatchThread(String name) {
        thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    Watched add(String path, Runnable changed) {
        Watched watched = new Watched(path, changed);
        watches.add(watched);
        return watched;
    }

    void changed(String path) {
        for (Watched watched : watches) {
            if (RecordPaths.isAtOrBelow(path, watched.path)) {
                watched.signal();
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        watches.clear();
        calls.add(() -> {});
    }

    private void run() {
        while (!closed) {
            try {
                calls.take().run();
            } catch (InterruptedException e) {
                LOG.debug("interrupted; only close() ends this thread", e);
            }
        }
    }

    /** One watch; signals may come from any thread. */
    final class Watched implements RecordTree.Watch {
        private final String path;
        private final Runnable changed;
        private final AtomicBoolean pending = new AtomicBoolean();

        private Watched(String path, Runnable changed) {
            this.path = path;
            this.changed = changed;
        }

        void signal() {
            if (pending.compareAndSet(false, true)) {
                calls.add(this::call);
            }
        }

        private void call() {
            pending.set(false);
            if (!watches.contains(this)) {
                return;
            }
            try {
                changed.run();
            } catch (RuntimeException e) {
                LOG.warn("the watch of {} failed and stays in place", path, e);
            }
        }

        @Override
        public void close() {
            watches.remove(this);
        }
    }
}
