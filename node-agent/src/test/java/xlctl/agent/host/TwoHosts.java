package xlctl.agent.host;

import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Collectors;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.store.StoreException;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** A coordinator's host and a datanode's host, real servers, and a store in memory. */
final class TwoHosts implements AutoCloseable {
    static final String COORDINATOR_HOST = "127.0.5.1";
    static final String DATANODE_HOST = "127.0.5.2";

    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    private final TestHost coordinators;
    private final TestHost datanodes;
    private volatile boolean storeIsDown;

    TwoHosts(Path directory) throws IOException {
        store.prepare();
        coordinators = new TestHost(directory.resolve("c"), COORDINATOR_HOST, this::connect);
        datanodes = new TestHost(directory.resolve("d"), DATANODE_HOST, this::connect);
    }

    private ClusterStore connect() {
        if (storeIsDown) {
            throw new StoreException.Unreachable("no ZooKeeper server answers", null);
        }
        return new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER);
    }

    ClusterStore store() {
        return store;
    }

    /** Agents that start from now on do not reach the store. */
    void cutStoreOff() {
        storeIsDown = true;
    }

    void bringStoreBack() {
        storeIsDown = false;
    }

    TestHost coordinators() {
        return coordinators;
    }

    TestHost datanodes() {
        return datanodes;
    }

    static Node coordinator(String name) throws IOException {
        return node(NodeKind.COORDINATOR, name, COORDINATOR_HOST, freePort(COORDINATOR_HOST), name);
    }

    static Node datanode(String name) throws IOException {
        return node(NodeKind.DATANODE, name, DATANODE_HOST, freePort(DATANODE_HOST), name);
    }

    static String problems(TestHost host) {
        return host.inspect().problems().stream()
                .map(Problem::what)
                .collect(Collectors.joining("\n"));
    }

    @Override
    public void close() {
        coordinators.close();
        datanodes.close();
        store.close();
    }
}
