package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Places;

/**
 * A host that was registered: where its agent is reached and the one SSH host key that is accepted
 * from it.
 *
 * @param hostKey in OpenSSH's public form, {@code ssh-ed25519 AAAA...}
 * @param place the machine the host runs on, as its agent said when it was registered; records of
 *     older versions have none
 * @param service the Docker service that the host is; empty for a machine, and in records of older
 *     versions
 */
public record HostRecord(
        HostName host,
        HostPort agent,
        String hostKey,
        Instant since,
        Optional<String> place,
        Optional<String> service) {
    public HostRecord {
        requireNonNull(host, "host is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        requireNonNull(since, "since is null");
        requireNonNull(place, "place is null");
        requireNonNull(service, "service is null");
    }

    /** A machine of which no place is known. */
    public HostRecord(HostName host, HostPort agent, String hostKey, Instant since) {
        this(host, agent, hostKey, since, Optional.empty(), Optional.empty());
    }

    /** Which of the hosts run together. */
    public static Places places(Collection<Versioned<HostRecord>> records) {
        Map<HostName, String> known = new HashMap<>();
        for (Versioned<HostRecord> each : records) {
            HostRecord record = each.value();
            record.place().ifPresent(place -> known.put(record.host(), place));
        }
        return new Places(known);
    }
}
