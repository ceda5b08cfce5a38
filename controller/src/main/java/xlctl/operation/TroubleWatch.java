package xlctl.operation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import xlctl.swarm.DockerException;
import xlctl.topology.HostName;

/**
 * Keeps an eye on what Docker says of a service while someone waits for its agent. A trouble is
 * certain once it has lasted a while: Docker tries again what may have gone wrong by chance. Used
 * by one thread, which it never makes wait.
 */
final class TroubleWatch {
    private final SwarmAccess swarm;
    private final HostName host;
    private final Duration patience;
    private final Consumer<String> progress;

    private Optional<CompletableFuture<Optional<String>>> asked = Optional.empty();
    private Optional<String> last = Optional.empty();
    private long since = System.nanoTime();
    private long answered = since;

    /**
     * @param patience how long a trouble must last to be certain
     * @param progress is told each trouble when it is first seen
     */
    TroubleWatch(SwarmAccess swarm, HostName host, Duration patience, Consumer<String> progress) {
        this.swarm = swarm;
        this.host = host;
        this.patience = patience;
        this.progress = progress;
    }

    /** What keeps the service from coming up, once that is certain. */
    Optional<String> certain() {
        if (asked.isPresent() && asked.get().isDone()) {
            note(asked.get());
            asked = Optional.empty();
            answered = System.nanoTime();
        }
        boolean due = System.nanoTime() - answered >= patience.dividedBy(5).toNanos();
        if (asked.isEmpty() && due) {
            asked = Optional.of(swarm.ask(services -> services.trouble(host)));
        }
        boolean lasted = System.nanoTime() - since >= patience.toNanos();
        return lasted ? last : Optional.empty();
    }

    /** What was last seen, certain or not. */
    Optional<String> last() {
        return last;
    }

    /** That Docker does not answer is no trouble of the service. */
    private void note(CompletableFuture<Optional<String>> answer) {
        Optional<String> now =
                answer.handle((trouble, error) -> error == null ? trouble : unanswered(error))
                        .join();
        if (now.isPresent() && last.isEmpty()) {
            since = System.nanoTime();
        }
        if (now.isPresent() && !now.equals(last)) {
            progress.accept(host + " is not up yet: " + now.get());
        }
        last = now;
    }

    private Optional<String> unanswered(Throwable error) {
        if (error.getCause() instanceof DockerException) {
            return Optional.empty();
        }
        throw new IllegalStateException("asking Docker for " + host + " failed", error);
    }
}
