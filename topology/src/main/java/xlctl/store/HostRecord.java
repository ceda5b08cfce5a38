package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/**
 * A host that was registered: where its agent is reached and the one SSH host key that is accepted
 * from it.
 *
 * @param hostKey in OpenSSH's public form, {@code ssh-ed25519 AAAA...}
 * @param service the Docker service that the host is; empty for a machine, and in records of older
 *     versions
 */
public record HostRecord(
        HostName host, HostPort agent, String hostKey, Instant since, Optional<String> service) {
    public HostRecord {
        requireNonNull(host, "host is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        requireNonNull(since, "since is null");
        requireNonNull(service, "service is null");
    }

    /** A machine. */
    public HostRecord(HostName host, HostPort agent, String hostKey, Instant since) {
        this(host, agent, hostKey, since, Optional.empty());
    }

    /** The same host, as one that is this service. */
    public HostRecord as(Optional<String> newService) {
        return new HostRecord(host, agent, hostKey, since, newService);
    }
}
