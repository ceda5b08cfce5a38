package xlctl.swarm;

import static java.util.Objects.requireNonNull;

/**
 * A machine of the Swarm.
 *
 * @param ready whether it can take new tasks: up, and neither paused nor drained
 * @param state for people, {@code ready active} or {@code down drain}
 */
public record SwarmNode(String id, String hostname, boolean manager, boolean ready, String state) {
    public SwarmNode {
        requireNonNull(id, "id is null");
        requireNonNull(hostname, "hostname is null");
        requireNonNull(state, "state is null");
    }
}
