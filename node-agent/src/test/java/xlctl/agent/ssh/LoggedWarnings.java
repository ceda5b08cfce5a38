package xlctl.agent.ssh;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What the log says, at WARNING and above, from its making to its closing. */
final class LoggedWarnings extends Handler implements AutoCloseable {
    private final List<String> lines = new ArrayList<>();

    LoggedWarnings() {
        setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(this);
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (record.getLevel().intValue() >= Level.WARNING.intValue()) {
            lines.add(record.getLoggerName() + ": " + record.getMessage());
        }
    }

    synchronized List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void flush() {
        // Nothing is buffered.
    }

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
