package xlctl.operation;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One operation's place in the order in which those of a group commit: after the one before it has
 * committed. When that one failed, so does every turn after it. Thread-safe.
 */
final class Turn {
    private final CompletableFuture<Optional<String>> before;
    private final CompletableFuture<Optional<String>> mine = new CompletableFuture<>();

    private Turn(CompletableFuture<Optional<String>> before) {
        this.before = before;
    }

    static Turn first() {
        return new Turn(CompletableFuture.completedFuture(Optional.empty()));
    }

    /** The place after this one. */
    Turn next() {
        return new Turn(mine);
    }

    /** The command before this one that failed, as far as is known now. */
    Optional<String> failedBefore() {
        return before.isDone() ? before.join() : Optional.empty();
    }

    /** Waits until the one before has committed or failed, or the cancellation fires. */
    Optional<String> await(Cancellation cancellation) {
        CompletableFuture.anyOf(before, cancellation.signal()).join();
        return failedBefore();
    }

    void committed() {
        mine.complete(Optional.empty());
    }

    /** No effect once committed. */
    void failed(String command) {
        mine.complete(Optional.of(failedBefore().orElse(command)));
    }
}
