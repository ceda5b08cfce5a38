package xlctl.operation;

import java.util.concurrent.CompletableFuture;

/** Tells operations to end soon. Fired at most once, from any thread; it stays fired. */
public final class Cancellation {
    private final CompletableFuture<Void> fired = new CompletableFuture<>();

    public void fire() {
        fired.complete(null);
    }

    boolean isFired() {
        return fired.isDone();
    }

    /** Ends when this is fired. */
    CompletableFuture<Void> signal() {
        return fired;
    }
}
