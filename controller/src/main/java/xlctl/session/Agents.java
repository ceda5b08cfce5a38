package xlctl.session;

import xlctl.agent.api.AgentConnection;
import xlctl.store.HostRecord;

/** The way to the agents. Thread-safe. */
public interface Agents extends AutoCloseable {
    /**
     * The connection to a host's agent. Returns at once: what keeps the agent from being reached
     * fails the calls. It belongs to this object and must not be closed by the caller.
     */
    AgentConnection to(HostRecord host);

    /** Ends all connections. */
    @Override
    void close();
}
