package xlctl.shell.terminal;

import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import xlctl.monitor.ClusterView;
import xlctl.shell.language.Completion;
import xlctl.shell.script.ClusterControl;
import xlctl.topology.NodeKind;

/**
 * The cluster's names as they were a moment ago, fetched beside the prompt. While the cluster does
 * not answer they are the last ones known: nobody who types waits for it for long.
 */
final class LiveNamesCache implements Completion.LiveNames, AutoCloseable {
    /** So long who types may wait. */
    private static final Duration PATIENCE = Duration.ofMillis(400);

    /** Others may change the cluster too. */
    private static final Duration FRESH = Duration.ofSeconds(10);

    private final Supplier<ClusterControl> cluster;
    private final ExecutorService fetching =
            Executors.newSingleThreadExecutor(
                    work -> {
                        Thread thread = new Thread(work, "names-for-completion");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Optional<ClusterView> last = Optional.empty();
    private CompletableFuture<Void> fetch = CompletableFuture.completedFuture(null);
    private long fetched;

    LiveNamesCache(Supplier<ClusterControl> cluster) {
        this.cluster = cluster;
    }

    /** Fetches them again, or once more if that is being done; returns at once. */
    synchronized void refresh() {
        if (fetch.isDone()) {
            fetched = System.nanoTime();
            fetch = CompletableFuture.runAsync(() -> last = answer(), fetching);
        } else {
            fetched -= FRESH.toNanos(); // What is being fetched may be older than the change.
        }
    }

    /** Returns when they are fresh, or after a moment. */
    void awaitFresh() {
        CompletableFuture<Void> current;
        synchronized (this) {
            if (System.nanoTime() - fetched > FRESH.toNanos()) {
                refresh();
            }
            current = fetch;
        }
        try {
            current.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return; // Those that are known have to do.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * A cluster that cannot be reached says so when it is asked for something; here it is quiet.
     */
    private Optional<ClusterView> answer() {
        try {
            return Optional.of(cluster.get().look());
        } catch (RuntimeException e) {
            return last;
        }
    }

    @Override
    public Collection<String> nodes(Optional<NodeKind> kind) {
        return last.stream()
                .flatMap(view -> view.members().stream())
                .filter(member -> kind.stream().allMatch(member.kind()::equals))
                .map(member -> member.instance().name().node().value())
                .distinct()
                .toList();
    }

    @Override
    public Collection<String> hosts() {
        return last.stream()
                .flatMap(view -> view.hosts().stream())
                .map(host -> host.host().value())
                .toList();
    }

    @Override
    public Collection<String> openOperations() {
        return last.stream()
                .flatMap(view -> view.openOperations().stream())
                .map(operation -> Long.toString(operation.number()))
                .toList();
    }

    @Override
    public void close() {
        fetching.shutdownNow();
    }
}
