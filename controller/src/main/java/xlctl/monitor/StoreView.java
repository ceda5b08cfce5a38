package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;

/**
 * The session with ZooKeeper.
 *
 * @param server the one it stands with; empty when the connection is lost just now
 * @param sessionTimeout what the server granted: how long the lock of a dead shell lasts
 */
public record StoreView(Optional<String> server, Duration sessionTimeout) {
    public StoreView {
        requireNonNull(server, "server is null");
        requireNonNull(sessionTimeout, "sessionTimeout is null");
    }
}
