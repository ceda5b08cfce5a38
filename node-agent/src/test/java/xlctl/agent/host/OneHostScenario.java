package xlctl.agent.host;

import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/** One host, its real servers, and a store in memory. */
abstract class OneHostScenario {
    static final String ADDRESS = "127.0.4.1";

    @TempDir Path directory;
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    final ClusterStore store = new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    volatile InMemoryRecordTree session;
    TestHost host;

    @BeforeEach
    void startHost() throws IOException {
        store.prepare();
        host = new TestHost(directory, ADDRESS, this::connect);
    }

    ClusterStore connect() {
        session = server.connect(Party.AGENT);
        return new ClusterStore(session, TestHost.CLUSTER);
    }

    @AfterEach
    void endHost() {
        host.close();
        store.close();
    }

    static Node datanode(String name) throws IOException {
        return node(NodeKind.DATANODE, name, ADDRESS, freePort(ADDRESS), name);
    }

    /** A standby with nobody to follow, that lets nobody read while it waits. */
    static void recoverWithoutEnd(Path data) throws IOException {
        Files.createFile(data.resolve("standby.signal"));
        Files.writeString(
                data.resolve("postgresql.auto.conf"),
                "hot_standby = off\n",
                StandardOpenOption.APPEND);
    }
}
