package xlctl.swarm;

import java.util.Optional;
import xlctl.topology.HostName;

/**
 * The services that members of one cluster live in, as plans need them. Thread-safe. Every changing
 * method is idempotent, and touches nothing without the cluster's label.
 */
public interface MemberServices {
    /** What is there now. Never fails: why Docker cannot be asked is in it. */
    SwarmView look();

    /**
     * Makes the service; returns once Docker took it, not when it runs. One that is there already
     * with the cluster's label is left as it is.
     *
     * @throws DockerException when a stranger has its name, or Docker refuses or does not answer
     */
    void create(ServiceSpec spec);

    /**
     * What keeps the task of a host's service from running, in Docker's words; empty while it runs
     * or is on its way.
     *
     * @throws DockerException when Docker does not answer
     */
    Optional<String> trouble(HostName host);

    /**
     * Removes a host's service, waits until its containers are gone, and removes its volume. What
     * is gone already is fine.
     *
     * @throws DockerException when Docker refuses or does not answer, when it takes too long, or
     *     when the volume is on another Swarm node: what is to be done is in its problem
     */
    void remove(HostName host);
}
