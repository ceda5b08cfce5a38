package xlctl.operation;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import xlctl.swarm.DockerException;
import xlctl.topology.HostName;

/**
 * Keeps an eye on what Docker says of a service while someone waits for its agent. Docker tries
 * again what may have gone wrong by chance, so a trouble is certain when it is there again and
 * again over a while; between two ends of a task that always fails, it runs. Used by one thread,
 * which it never makes wait.
 */
final class TroubleWatch {
    private static final int SIGHTINGS = 3;

    private final SwarmAccess swarm;
    private final HostName host;
    private final Duration patience;
    private final Consumer<String> progress;

    private Optional<CompletableFuture<Optional<String>>> asked = Optional.empty();
    private Optional<String> last = Optional.empty();
    private int sightings;
    private long first = System.nanoTime();
    private long answered = first;

    /**
     * @param patience over how long a trouble must be seen to be certain
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
        boolean often = sightings >= SIGHTINGS && System.nanoTime() - first >= patience.toNanos();
        return often ? last : Optional.empty();
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
        if (now.isPresent() && sightings++ == 0) {
            first = System.nanoTime();
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
