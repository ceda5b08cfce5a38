package xlctl.controller;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/**
 * The SSH host key that an agent offers, fetched from it a moment ago and not yet accepted.
 *
 * @param agent where it was fetched
 * @param hostKey in OpenSSH's public form, {@code ssh-ed25519 AAAA...}
 * @param fingerprint of that key, {@code SHA256:...}, as {@code ssh-keygen -l} shows it
 * @param claimed the fingerprint of the key that the host's agent says it has, over ZooKeeper;
 *     empty while it is not connected there
 * @param place the machine the host runs on, as its agent says there
 * @param accepted what is registered for the host so far
 */
public record HostKeyOffer(
        HostName host,
        HostPort agent,
        String hostKey,
        String fingerprint,
        Optional<String> claimed,
        Optional<String> place,
        Optional<HostRecord> accepted) {
    public HostKeyOffer {
        requireNonNull(host, "host is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        requireNonNull(fingerprint, "fingerprint is null");
        requireNonNull(claimed, "claimed is null");
        requireNonNull(place, "place is null");
        requireNonNull(accepted, "accepted is null");
    }

    /** Whether the host is registered with exactly this key, address and place. */
    public boolean alreadyAccepted() {
        return accepted.isPresent()
                && accepted.get().hostKey().equals(hostKey)
                && accepted.get().agent().equals(agent)
                && accepted.get().place().equals(place);
    }

    /** Why it must not be accepted: whoever answered is not the agent that ZooKeeper knows. */
    public Optional<Problem> contradiction() {
        return claimed.filter(other -> !other.equals(fingerprint))
                .map(
                        other ->
                                Problem.of(
                                        "the agent at "
                                                + agent
                                                + " offers the key "
                                                + fingerprint
                                                + ", but the agent of "
                                                + host
                                                + " says in ZooKeeper that its key is "
                                                + other,
                                        "find out who answers at "
                                                + agent
                                                + "; name another address with: host accept "
                                                + host
                                                + " ADDRESS:PORT"));
    }
}
