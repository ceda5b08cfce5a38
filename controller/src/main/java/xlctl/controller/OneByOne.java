package xlctl.controller;

import java.util.Optional;
import xlctl.operation.Listener;
import xlctl.topology.NodeName;

/** Tells a listener what several threads have to say, one call at a time. */
final class OneByOne implements Listener {
    private final Listener listener;

    OneByOne(Listener listener) {
        this.listener = listener;
    }

    @Override
    public synchronized void progress(long operation, Optional<NodeName> node, String text) {
        listener.progress(operation, node, text);
    }

    @Override
    public synchronized void begun(
            long operation, int step, Optional<NodeName> node, String title) {
        listener.begun(operation, step, node, title);
    }

    @Override
    public synchronized void done(long operation, int step) {
        listener.done(operation, step);
    }

    @Override
    public synchronized void failed(long operation, int step) {
        listener.failed(operation, step);
    }

    @Override
    public synchronized void waiting(String text) {
        listener.waiting(text);
    }
}
