package xlctl.agent.host;

import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.StopMode;
import xlctl.store.ClusterStore;
import xlctl.store.Identities;
import xlctl.store.Identity;
import xlctl.store.ZooKeeperEnsemble;
import xlctl.store.ZooKeeperExtension;
import xlctl.store.ZooKeeperRecordTree;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/** An agent whose ZooKeeper has three servers. */
@Tag("slow")
class ThreeZooKeepersTest {
    private static final String ADDRESS = "127.0.4.9";
    private static final Duration SOON = Duration.ofSeconds(40);

    private final Identities identities = Identities.generate(TestHost.CLUSTER);

    @TempDir Path directory;

    @Test
    void whicheverOfThemIsKilledEverythingGoesOn() throws Exception {
        ZooKeeperExtension.quieten();
        Path servers = Files.createDirectory(directory.resolve("zookeeper"));
        try (ZooKeeperEnsemble ensemble = ZooKeeperEnsemble.start(servers)) {
            ensemble.startAll();
            try (ClusterStore store = open(ensemble, identities.controller())) {
                store.prepare();
                goThroughDeaths(ensemble, store);
            }
        }
    }

    private void goThroughDeaths(ZooKeeperEnsemble ensemble, ClusterStore store)
            throws IOException {
        Path home = directory.resolve("host");
        try (TestHost host =
                new TestHost(home, ADDRESS, () -> open(ensemble, identities.agent()))) {
            Node first = datanode("data_m_0");
            host.add(store, first);
            awaitState(store, first, State.UP);
            for (int server = 0; server < 3; server++) {
                ensemble.kill(server);

                Node another = datanode("data_m_" + (server + 1));
                host.add(store, another);
                awaitState(store, another, State.UP);
                TestHost.mustBeDone(host.stop(another, StopMode.FAST));
                awaitState(store, another, State.STOPPED);
                long before = host.report(first).pid().orElseThrow();
                TestHost.killAllIn(host.root().resolve("data_m_0"));
                await().atMost(SOON)
                        .until(
                                () ->
                                        host.report(first).state() == State.UP
                                                && host.report(first).pid().orElseThrow()
                                                        != before);
                awaitState(store, first, State.UP);

                ensemble.startAll();
            }
        }
    }

    private static void awaitState(ClusterStore store, Node node, State state) {
        await().atMost(SOON)
                .until(
                        () ->
                                store.instance(TestHost.name(node))
                                        .filter(report -> report.value().state() == state)
                                        .isPresent());
    }

    private static Node datanode(String name) throws IOException {
        return node(NodeKind.DATANODE, name, ADDRESS, freePort(ADDRESS), name);
    }

    private static ClusterStore open(ZooKeeperEnsemble ensemble, Identity identity) {
        return new ClusterStore(
                ZooKeeperRecordTree.connect(
                        ensemble.connectString(),
                        identity,
                        ZooKeeperExtension.SESSION_TIMEOUT,
                        ZooKeeperExtension.CONNECT_TIMEOUT),
                TestHost.CLUSTER);
    }
}
