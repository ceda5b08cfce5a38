package xlctl.shell.terminal;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import xlctl.monitor.ClusterView;
import xlctl.shell.language.Completion;
import xlctl.shell.script.ClusterControl;
import xlctl.topology.NodeKind;

/** The cluster's names as they were a moment ago, fetched beside the prompt. */
final class LiveNamesCache implements Completion.LiveNames, AutoCloseable {
    private final ExecutorService fetching =
            Executors.newSingleThreadExecutor(
                    work -> {
                        Thread thread = new Thread(work, "names-for-completion");
                        thread.setDaemon(true);
                        return thread;
                    });
    private volatile Optional<ClusterView> last = Optional.empty();

    /** Fetches them again; returns at once. */
    void refresh(Supplier<ClusterControl> cluster) {
        fetching.execute(() -> last = fetched(cluster));
    }

    /**
     * A cluster that cannot be reached says so when it is asked for something; here it is quiet.
     */
    private Optional<ClusterView> fetched(Supplier<ClusterControl> cluster) {
        try {
            return Optional.of(cluster.get().look());
        } catch (RuntimeException e) {
            return last;
        }
    }

    @Override
    public Collection<String> nodes(Optional<NodeKind> kind) {
        return last.map(ClusterView::members).orElse(List.of()).stream()
                .filter(member -> kind.stream().allMatch(member.kind()::equals))
                .map(member -> member.instance().name().node().value())
                .distinct()
                .toList();
    }

    @Override
    public Collection<String> hosts() {
        return last.map(ClusterView::hosts).orElse(List.of()).stream()
                .map(host -> host.host().value())
                .toList();
    }

    @Override
    public void close() {
        fetching.shutdownNow();
    }
}
