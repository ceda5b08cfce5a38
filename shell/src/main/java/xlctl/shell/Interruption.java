package xlctl.shell;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import xlctl.shell.script.Interpreter;
import xlctl.shell.terminal.ProcessSignal;
import xlctl.shell.terminal.Prompt;

/**
 * Ctrl-C outside the prompt, and the signals TERM and HUP everywhere. A change that is under way is
 * ended first, undone or resumable; then the process exits with what became of it. Who sent TERM or
 * HUP waits for a bounded time: then what has not ended stays open, and the cluster's lock is given
 * back. With Ctrl-C a person waits, and decides. A client that was given the terminal has Ctrl-C
 * from there; TERM and HUP it is handed on.
 */
final class Interruption implements Prompt.Watcher {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration TO_LET_GO = Duration.ofSeconds(5);

    private final Duration patience;
    private final IntConsumer exit;
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Optional<ProcessSignal> leaving = Optional.empty();

    Interruption() {
        this(PATIENCE);
    }

    /**
     * @param exit ends the process in an orderly way: a terminal at which a password was asked for
     *     has its echo back then
     */
    Interruption(IntConsumer exit) {
        this(PATIENCE, exit);
    }

    /**
     * @param patience how long a signal waits for a change to end
     */
    Interruption(Duration patience) {
        this(patience, Runtime.getRuntime()::halt);
    }

    private Interruption(Duration patience, IntConsumer exit) {
        this.patience = patience;
        this.exit = exit;
    }

    /** From now on signals, Ctrl-C among them, are for this interpreter. */
    void watch(Interpreter current) {
        ProcessSignal.INTERRUPT.does(() -> endOr(current, ProcessSignal.INTERRUPT));
        watch(current, () -> endOr(current, leaving.orElse(ProcessSignal.TERMINATE)));
    }

    @Override
    public void watch(Interpreter current, Runnable wake) {
        ProcessSignal.TERMINATE.does(() -> leave(ProcessSignal.TERMINATE, current, wake));
        ProcessSignal.HANGUP.does(() -> leave(ProcessSignal.HANGUP, current, wake));
    }

    @Override
    public boolean leaving() {
        return leaving.isPresent();
    }

    /**
     * The program has said all it has to say; {@code exitCode} unless a signal ended its prompt.
     */
    int finished(int exitCode) {
        finished.countDown();
        return exitCode == 0 ? leaving.map(ProcessSignal::exitCode).orElse(0) : exitCode;
    }

    /** Ends a change that is under way; without one, there is nothing to wait for. */
    private void endOr(Interpreter current, ProcessSignal signal) {
        if (finished.getCount() > 0 && !current.cancel()) {
            exit.accept(signal.exitCode());
        }
    }

    private void leave(ProcessSignal signal, Interpreter current, Runnable wake) {
        leaving = Optional.of(signal);
        current.endClient();
        wake.run();
        try {
            if (!finished.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                letGo(current);
                Runtime.getRuntime().halt(signal.exitCode());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The lock goes with the session with ZooKeeper. */
    private static void letGo(Interpreter interpreter) throws InterruptedException {
        Thread closing = new Thread(interpreter::leave, "leaving");
        closing.setDaemon(true);
        closing.start();
        closing.join(TO_LET_GO.toMillis());
    }
}
