package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.topology.InvalidValueException;

/**
 * The agent's connection to the store. Made in the background and tried again until it stands: an
 * agent works without one, as far as it may.
 */
final class StoreLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StoreLink.class);
    private static final Duration TRY_AGAIN = Duration.ofSeconds(1);

    /** Opens the store; throws {@link StoreException} when it cannot be reached. */
    @FunctionalInterface
    interface Connector {
        ClusterStore connect();
    }

    private final Connector connector;
    private final Runnable changed;
    private final Thread thread = new Thread(this::connect, "xlctl-store");
    private volatile Optional<ClusterStore> store = Optional.empty();
    private volatile String trouble = "ZooKeeper has not answered yet";

    /**
     * @param changed called after the connection was made, and whenever the topology, a node state
     *     or a host may have changed; must not block
     */
    StoreLink(Connector connector, Runnable changed) {
        this.connector = requireNonNull(connector, "connector is null");
        this.changed = requireNonNull(changed, "changed is null");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Present while the session stands. */
    Optional<ClusterStore> connected() {
        return store.filter(open -> open.tree().connected());
    }

    /** Why there is no connection, for people. */
    String trouble() {
        return store.isPresent() ? "the connection to ZooKeeper is lost" : trouble;
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        store.ifPresent(ClusterStore::close);
    }

    private void connect() {
        try {
            while (!tryOnce()) {
                Thread.sleep(TRY_AGAIN.toMillis());
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** With its watches; closed when those cannot be had, or each try would leave a connection. */
    private ClusterStore watched(ClusterStore opened) {
        try {
            opened.watchTopology(changed);
            opened.watchNodeStates(changed);
            opened.watchHosts(changed);
            return opened;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    private boolean tryOnce() {
        try {
            store = Optional.of(watched(connector.connect()));
            LOG.info("connected to ZooKeeper");
            changed.run();
            return true;
        } catch (StoreException | InvalidValueException e) {
            if (!trouble.equals(e.getMessage())) {
                LOG.warn("no connection to ZooKeeper: {}", e.getMessage());
            }
            trouble = String.valueOf(e.getMessage());
            return false;
        } catch (RuntimeException | Error e) {
            LOG.error("connecting to ZooKeeper failed unexpectedly", e);
            trouble = e.toString();
            return false;
        }
    }
}
