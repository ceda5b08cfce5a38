package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/**
 * What an agent says of itself for as long as it is connected.
 *
 * @param agent where it listens
 * @param hostKey the SSH host key it offers, in OpenSSH's public form
 * @param appliedTopology the version of the topology record that its instances' catalogs match, -1
 *     for none
 * @param problems what keeps it from applying a newer one, or from starting what it should
 */
public record Presence(
        HostName host,
        String agentVersion,
        HostPort agent,
        String hostKey,
        int appliedTopology,
        List<Problem> problems,
        Instant since) {
    public Presence {
        requireNonNull(host, "host is null");
        requireNonNull(agentVersion, "agentVersion is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        problems = List.copyOf(problems);
        requireNonNull(since, "since is null");
    }
}
