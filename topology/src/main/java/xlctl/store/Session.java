package xlctl.store;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.curator.utils.ZookeeperFactory;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.ZooDefs;
import org.apache.zookeeper.ZooKeeper;
import org.apache.zookeeper.client.ZKClientConfig;
import org.apache.zookeeper.proto.RequestHeader;

/**
 * A ZooKeeper session that takes no longer than it must for a program of one short command: 75 ms
 * less to begin, 100 ms less to end.
 */
@SuppressWarnings("try") // Closing may be interrupted: so ZooKeeper declares it.
final class Session extends ZooKeeper {

    /**
     * The original prepares TLS for system properties that might ask for it, and reads the
     * machine's trusted certificates for that. What we want is set here.
     */
    static final class Config extends ZKClientConfig {
        Config() {
            setProperty(ENABLE_CLIENT_SASL_KEY, "false");
        }

        @Override
        protected void handleBackwardCompatibility() {
            // No system property is looked at.
        }
    }

    static final class Factory implements ZookeeperFactory {
        @Override
        public ZooKeeper newZooKeeper(
                String servers, int sessionTimeout, Watcher watcher, boolean canBeReadOnly)
                throws IOException {
            return newZooKeeper(servers, sessionTimeout, watcher, canBeReadOnly, new Config());
        }

        @Override
        public ZooKeeper newZooKeeper(
                String servers,
                int sessionTimeout,
                Watcher watcher,
                boolean canBeReadOnly,
                ZKClientConfig config)
                throws IOException {
            return new Session(servers, sessionTimeout, watcher, canBeReadOnly, config);
        }
    }

    private Session(
            String servers,
            int sessionTimeout,
            Watcher watcher,
            boolean canBeReadOnly,
            ZKClientConfig config)
            throws IOException {
        super(servers, sessionTimeout, watcher, canBeReadOnly, config);
    }

    /** The server's address and port; empty while there is no connection. */
    Optional<String> server() {
        return testableRemoteSocketAddress() instanceof InetSocketAddress address
                        && address.getAddress() != null
                ? Optional.of(address.getAddress().getHostAddress() + ":" + address.getPort())
                : Optional.empty();
    }

    /**
     * Returns when the server has ended the session, or cannot be told. The original then also
     * waits until the thread that sends has slept a tenth of a second.
     */
    @Override
    public synchronized void close() throws InterruptedException {
        if (!getState().isAlive()) {
            return;
        }
        RequestHeader end = new RequestHeader();
        end.setType(ZooDefs.OpCode.closeSession);
        try {
            cnxn.submitRequest(end, null, null, null);
        } finally {
            Thread ending = new Thread(cnxn::disconnect, "store-disconnect");
            ending.setDaemon(true);
            ending.start();
        }
    }
}
