package xlctl.session;

import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.store.HostRecord;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;

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

    /** Ends all connections. */
    @Override
    void close();
}
