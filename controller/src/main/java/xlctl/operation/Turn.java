package xlctl.operation;

import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import xlctl.topology.NodeName;

/**
 * One operation's place in the order in which those of a group commit: after the one before it has
 * committed. When that one failed, so does every turn after it. Thread-safe.
 */
final class Turn {
    private final CompletableFuture<Optional<String>> before;
    private final CompletableFuture<Optional<String>> mine = new CompletableFuture<>();

    private final Optional<Turn> previous;
    private final Optional<NodeName> adds;

    private Turn(
            CompletableFuture<Optional<String>> before,
            Optional<Turn> previous,
            Optional<NodeName> adds) {
        this.before = before;
        this.previous = previous;
        this.adds = adds;
    }

    /**
     * @param adds the node that the operation adds, if it adds one
     */
    static Turn first(Optional<NodeName> adds) {
        return new Turn(
                CompletableFuture.completedFuture(Optional.empty()), Optional.empty(), adds);
    }

    /** The place after this one. */
    Turn next(Optional<NodeName> next) {
        return new Turn(mine, Optional.of(this), next);
    }

    /**
     * Waits until those of these nodes that operations before this one add are added, or one of
     * them failed, or the cancellation fires.
     *
     * @return the command that failed
     */
    Optional<String> await(Collection<NodeName> nodes, Cancellation cancellation) {
        for (Optional<Turn> turn = previous; turn.isPresent(); turn = turn.get().previous) {
            if (turn.get().adds.filter(nodes::contains).isPresent()) {
                CompletableFuture<Optional<String>> theirs = turn.get().mine;
                CompletableFuture.anyOf(theirs, cancellation.signal()).join();
                if (theirs.isDone() && theirs.join().isPresent()) {
                    return theirs.join();
                }
            }
        }
        return Optional.empty();
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
