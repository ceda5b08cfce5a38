package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.Main;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.work.FencedHandler;
import xlctl.store.ClusterStore;
import xlctl.store.IdentityFiles;
import xlctl.store.Versioned;
import xlctl.store.ZooKeeperExtension;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/** What an agent leaves when it is told to end, as a container's is: no work undone, no server. */
class TerminationTest {
    private static final String ADDRESS = "127.0.6.3";

    @RegisterExtension static final ZooKeeperExtension ZOOKEEPER = new ZooKeeperExtension();

    @TempDir Path directory;
    private ClusterStore store;
    private TestHost host;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void startHost() throws IOException {
        store = ZOOKEEPER.controllerStore();
        host =
                new TestHost(
                        TestHost.config(
                                directory, ZOOKEEPER.cluster(), ADDRESS, ZOOKEEPER.connectString()),
                        ZOOKEEPER::agentStore);
    }

    @AfterEach
    void endEverything() {
        started.forEach(Process::destroyForcibly);
        host.close();
    }

    @Test
    void stopsItsServersFastAndCleanlyWhenItIsToldTo() throws Exception {
        List<Node> datanodes = List.of(datanode("data_m_1"), datanode("data_m_2"));
        host.add(store, datanodes.toArray(Node[]::new));
        host.stopAgent();
        host.killServers();
        Process agent = startAgent();
        await().atMost(Duration.ofSeconds(60)).until(() -> datanodes.stream().allMatch(this::isUp));

        agent.destroy();

        assertThat(agent.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(agent.exitValue()).as("128 + SIGTERM").isEqualTo(143);
        for (Node node : datanodes) {
            Path data = host.root().toRealPath().resolve(node.name().value());
            assertThat(TestHost.serversIn(data)).isEmpty();
            assertThat(data.resolve("postmaster.pid")).doesNotExist();
        }
    }

    @Test
    void leavesNothingOfWhatItWasMakingWhenItEnds() throws Exception {
        Node datanode = datanode("data_m_1");
        CompletableFuture<Void> making = new CompletableFuture<>();
        FencedHandler fenced =
                FencedHandler.open(
                        directory,
                        (request, progress) ->
                                host.ask(
                                        request,
                                        line -> {
                                            progress.accept(line);
                                            making.complete(null);
                                        }));
        Request.Prepare prepare =
                new Request.Prepare(
                        host.key(),
                        host.spec(datanode, TestHost.NETWORKS),
                        TestSecrets.of(NodeKind.DATANODE));
        CompletableFuture<Reply> reply =
                CompletableFuture.supplyAsync(() -> fenced.handle(prepare, line -> {}));
        making.get(30, TimeUnit.SECONDS);

        fenced.close();
        host.stopAgent();

        assertThat(reply.get(10, TimeUnit.SECONDS).toString()).contains("the agent is ending");
        assertThat(host.root()).isEmptyDirectory();
        host.startAgent();
        TestHost.mustBeDone(host.prepare(datanode));
    }

    /** As the agent's program says; the killed one's word is not taken for it: the pid is alive. */
    private boolean isUp(Node node) {
        return Stream.ofNullable(store.instances().get(TestHost.name(node)))
                .map(Versioned::value)
                .filter(report -> report.state() == State.UP)
                .flatMap(report -> report.pid().stream())
                .anyMatch(pid -> ProcessHandle.of(pid).isPresent());
    }

    private static Node datanode(String name) throws IOException {
        return TestHost.node(NodeKind.DATANODE, name, ADDRESS, TestHost.freePort(ADDRESS), name);
    }

    private Process startAgent() throws IOException {
        IdentityFiles.write(directory.resolve("identity"), ZOOKEEPER.identities().agent());
        Files.writeString(directory.resolve("authorized_keys"), "");
        Path config =
                Files.writeString(
                        directory.resolve("agent.yaml"),
                        """
                        cluster: %s
                        host: %s
                        listen: %s:%s
                        state: state
                        data-roots: [root]
                        zookeeper: %s
                        zookeeper-identity: identity
                        authorized-keys: authorized_keys
                        on-terminate: stop
                        """
                                .formatted(
                                        ZOOKEEPER.cluster(),
                                        ADDRESS,
                                        ADDRESS,
                                        TestHost.freePort(ADDRESS),
                                        ZOOKEEPER.connectString()));
        Process agent =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--config",
                                config.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(directory.resolve("agent.log").toFile())
                        .start();
        started.add(agent);
        return agent;
    }
}
