package xlctl.session;

import java.util.Optional;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/** The way to the agents. Thread-safe. */
public interface Agents extends AutoCloseable {
    /**
     * The connection to a host's agent. Returns at once: what keeps the agent from being reached
     * fails the calls. It belongs to this object and must not be closed by the caller.
     */
    AgentConnection to(HostRecord host);

    /**
     * The SSH host key that whoever listens there offers, in OpenSSH's public form.
     *
     * @throws AgentUnreachableException when nothing there speaks SSH
     */
    String offeredKey(HostName host, HostPort agent);

    /**
     * Who answers at the address of a host, if it tells that it is the agent of another host or
     * cluster. Empty also where it does not let the controller in, or nobody answers.
     */
    Optional<Problem> stranger(HostRecord host);

    /** The key by which agents know the controller. */
    OwnKey ownKey();

    /**
     * Logs in to a host's agent with the key that is to replace the own one, and out again.
     *
     * @throws AgentUnreachableException when that does not work
     */
    void tryFreshKey(HostRecord host);

    /** From now on hosts are called over new connections, made with the own key as it is then. */
    void connectAnew();

    /** Ends all connections. */
    @Override
    void close();
}
