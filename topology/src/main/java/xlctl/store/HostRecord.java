package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

/**
 * A host that was registered: where its agent is reached and the one SSH host key that is accepted
 * from it.
 *
 * @param hostKey in OpenSSH's public form, {@code ssh-ed25519 AAAA...}
 */
public record HostRecord(HostName host, HostPort agent, String hostKey, Instant since) {
    public HostRecord {
        requireNonNull(host, "host is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        requireNonNull(since, "since is null");
    }
}
