package xlctl.shell.terminal;

import org.jline.utils.Signals;

/** A signal to this process, as its own doing: the JVM no longer ends by it. */
public enum ProcessSignal {
    /** A terminal that is gone, or a person who has left. */
    HANGUP("HUP", 1),
    /** Ctrl-C where no prompt reads. */
    INTERRUPT("INT", 2),
    /** A polite request to end. */
    TERMINATE("TERM", 15);

    private final String signal;
    private final int number;

    ProcessSignal(String signal, int number) {
        this.signal = signal;
        this.number = number;
    }

    /** The exit code of who ends by it. */
    public int exitCode() {
        return 128 + number;
    }

    /** From now on it does this, on a thread of its own, each time it comes. */
    public void does(Runnable action) {
        Signals.register(signal, action);
    }
}
