package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/**
 * What an agent says of itself for as long as it is connected.
 *
 * @param agent where it is reached
 * @param hostKey the SSH host key it offers, in OpenSSH's public form
 * @param appliedTopology the version of the topology record that its instances' catalogs match, -1
 *     for none
 * @param problems what keeps it from applying a newer one, or from starting what it should
 * @param place the machine the host runs on, where its agent was told
 * @param held the instances with data there that a topology named; empty of an older agent, which
 *     does not say
 * @param process the agent's process there; empty of an older agent
 */
public record Presence(
        HostName host,
        String agentVersion,
        HostPort agent,
        String hostKey,
        int appliedTopology,
        List<Problem> problems,
        Instant since,
        Optional<String> place,
        Optional<List<HeldInstance>> held,
        Optional<Long> process) {
    public Presence {
        requireNonNull(host, "host is null");
        requireNonNull(agentVersion, "agentVersion is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(hostKey, "hostKey is null");
        problems = List.copyOf(problems);
        requireNonNull(since, "since is null");
        requireNonNull(place, "place is null");
        held = held.map(List::copyOf);
        requireNonNull(process, "process is null");
    }

    /** An agent that does not say which process it is. */
    public Presence(
            HostName host,
            String agentVersion,
            HostPort agent,
            String hostKey,
            int appliedTopology,
            List<Problem> problems,
            Instant since,
            Optional<String> place,
            Optional<List<HeldInstance>> held) {
        this(
                host,
                agentVersion,
                agent,
                hostKey,
                appliedTopology,
                problems,
                since,
                place,
                held,
                Optional.empty());
    }

    /** An agent that was not told on which machine its host runs. */
    public Presence(
            HostName host,
            String agentVersion,
            HostPort agent,
            String hostKey,
            int appliedTopology,
            List<Problem> problems,
            Instant since) {
        this(
                host,
                agentVersion,
                agent,
                hostKey,
                appliedTopology,
                problems,
                since,
                Optional.empty(),
                Optional.empty());
    }
}
