package xlctl.session;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.AgentConnection;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Frame;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/** Agents over SSH: one session and channel for each host, kept until closed. Thread-safe. */
public final class SshAgents implements Agents {
    private static final Logger LOG = LoggerFactory.getLogger(SshAgents.class);

    private final OwnKey ownKey;
    private final AgentDoor door;
    private final AgentDoor freshDoor;
    private final Map<HostName, WarmConnection> connections = new HashMap<>();
    private final ExecutorService openers;

    /**
     * @param privateKey what agents know the controller by
     * @param client who to say one is, for the agents' logs
     * @param timeout for each part of opening a connection
     */
    public SshAgents(ClusterName cluster, Path privateKey, String client, Duration timeout) {
        this.ownKey = new OwnKey(privateKey);
        this.door = new AgentDoor(cluster, privateKey, client, timeout);
        this.freshDoor = new AgentDoor(cluster, ownKey.freshFile(), client, timeout);
        AtomicInteger number = new AtomicInteger();
        this.openers =
                Executors.newCachedThreadPool(
                        task -> {
                            Thread thread =
                                    new Thread(task, "agent-opener-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
    }

    /** Makes the first connections faster. May run while others already connect. */
    public static void prepare() {
        Frame.prepare();
        try {
            SessionAlgorithms.prepare();
        } catch (Exception e) {
            LOG.debug("what SSH needs is not ready; who connects says why", e);
        }
    }

    /** A host that was registered anew gets a new connection. */
    @Override
    public synchronized AgentConnection to(HostRecord host) {
        WarmConnection present = connections.get(host.host());
        if (present != null && present.record().equals(host)) {
            return present;
        }
        if (present != null) {
            present.close();
        }
        WarmConnection fresh = new WarmConnection(host, door, openers);
        connections.put(host.host(), fresh);
        return fresh;
    }

    @Override
    public String offeredKey(HostName host, HostPort agent) {
        return door.offeredKey(host, agent);
    }

    @Override
    public Optional<Problem> stranger(HostRecord host) {
        try {
            return door.stranger(host);
        } catch (AgentUnreachableException e) {
            LOG.debug("who answers for host {} does not tell", host.host(), e);
            return Optional.empty();
        }
    }

    @Override
    public OwnKey ownKey() {
        return ownKey;
    }

    @Override
    public void tryFreshKey(HostRecord host) {
        freshDoor.open(host).close();
    }

    @Override
    public synchronized void connectAnew() {
        connections.values().forEach(WarmConnection::close);
        connections.clear();
    }

    @Override
    public synchronized void close() {
        connections.values().forEach(WarmConnection::close);
        connections.clear();
        openers.shutdown();
    }
}
