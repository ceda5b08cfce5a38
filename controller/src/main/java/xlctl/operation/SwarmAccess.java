package xlctl.operation;

import static java.util.Objects.requireNonNull;

import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import xlctl.swarm.MemberServices;
import xlctl.swarm.SwarmSettings;
import xlctl.swarm.SwarmView;

/**
 * What operations need to make services and to remove them. Thread-safe.
 *
 * @param zooKeeper the connect string that agents in services are given
 */
public record SwarmAccess(MemberServices services, SwarmSettings settings, String zooKeeper) {
    public SwarmAccess {
        requireNonNull(services, "services is null");
        requireNonNull(settings, "settings is null");
        requireNonNull(zooKeeper, "zooKeeper is null");
    }

    CompletableFuture<SwarmView> look() {
        return ask(MemberServices::look);
    }

    /** Asks on a thread of its own, so that the caller can give up waiting. */
    <T> CompletableFuture<T> ask(Function<MemberServices, T> question) {
        return CompletableFuture.supplyAsync(
                () -> question.apply(services),
                work -> {
                    Thread thread = new Thread(work, "swarm-call");
                    thread.setDaemon(true);
                    thread.start();
                });
    }
}
