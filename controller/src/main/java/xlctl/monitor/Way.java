package xlctl.monitor;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/**
 * From a host to what listens on a host, which may be the same.
 *
 * @param server empty for the host's agent
 * @param took until it had greeted, or was given up; empty where nobody told
 * @param why it is not open; empty when it is
 */
public record Way(
        HostName from,
        HostName to,
        Optional<Server> server,
        HostPort address,
        State state,
        Optional<Duration> took,
        Optional<String> why) {
    /** The server at the end of a way. */
    public record Server(NodeKind kind, NodeName node) {
        public Server {
            requireNonNull(kind, "kind is null");
            requireNonNull(node, "node is null");
        }
    }

    /** Whether one gets there. */
    public enum State {
        OPEN,
        SHUT,
        /** Nobody gets there, because the server was stopped on purpose or never started. */
        STOPPED,
        /** The agent at its beginning did not say. */
        UNKNOWN
    }

    public Way {
        requireNonNull(from, "from is null");
        requireNonNull(to, "to is null");
        requireNonNull(server, "server is null");
        requireNonNull(address, "address is null");
        requireNonNull(state, "state is null");
        requireNonNull(took, "took is null");
        requireNonNull(why, "why is null");
    }
}
