package xlctl.shell;

import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import xlctl.shell.script.Interpreter;

/**
 * Ctrl-C, and a polite request to end, outside the prompt. A change that is under way is ended
 * first, undone or resumable; then the process exits with what became of it.
 */
final class Interruption {
    private final CountDownLatch finished = new CountDownLatch(1);
    private volatile Optional<Interpreter> interpreter = Optional.empty();
    private volatile int exit = 1;

    /** From now on an interruption is for this interpreter. */
    void watch(Interpreter current) {
        if (interpreter.isEmpty()) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::interrupted, "interruption"));
        }
        interpreter = Optional.of(current);
    }

    /** The program has said all it has to say. */
    void finished(int exitCode) {
        exit = exitCode;
        finished.countDown();
    }

    private void interrupted() {
        if (finished.getCount() == 0 || !interpreter.map(Interpreter::cancel).orElse(false)) {
            return;
        }
        try {
            finished.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exit);
    }
}
