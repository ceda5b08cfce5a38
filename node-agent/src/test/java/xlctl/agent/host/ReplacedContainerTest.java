package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.file.DurableFile;
import xlctl.store.ClusterStore;
import xlctl.store.InMemoryRecordTree;
import xlctl.store.InMemoryRecordTree.Party;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/**
 * A host whose container was replaced: with its volume, whose servers died without a word, or with
 * another one. The server is real, the store in memory.
 */
class ReplacedContainerTest {
    private static final String ADDRESS = "127.0.5.8";
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String NO_RECORD =
            "the topology places data_m_1.1 here, but this host has no record of it: was its volume"
                    + " replaced?";

    @TempDir Path directory;
    private final InMemoryRecordTree.Server server = InMemoryRecordTree.shared();
    private final ClusterStore store =
            new ClusterStore(server.connect(Party.CONTROLLER), TestHost.CLUSTER);
    private TestHost host;
    private Node datanode;

    @BeforeEach
    void killACommittedDatanodeAndItsAgent() throws IOException {
        store.prepare();
        host =
                new TestHost(
                        directory,
                        ADDRESS,
                        () -> new ClusterStore(server.connect(Party.AGENT), TestHost.CLUSTER));
        datanode =
                TestHost.node(
                        NodeKind.DATANODE,
                        "data_m_1",
                        ADDRESS,
                        TestHost.freePort(ADDRESS),
                        "data_m_1");
        host.add(store, datanode);
        assertThat(host.await(0)).isEqualTo(new Reply.Converged(0));
        host.stopAgent();
        host.killServers();
    }

    @AfterEach
    void endHost() {
        host.close();
        store.close();
    }

    @Test
    void makesNothingAnewOnAnEmptyVolume() throws Exception {
        empty(host.config().stateDirectory());
        empty(host.root());

        host.startAgent();

        awaitProblem(NO_RECORD);
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(store.presence().values())
                                        .anySatisfy(
                                                seen ->
                                                        assertThat(seen.value().problems())
                                                                .extracting(Problem::what)
                                                                .contains(NO_RECORD)));
        assertRefused(host.prepare(datanode), NO_RECORD);
        assertThat(host.root()).isEmptyDirectory();
    }

    @Test
    void doesNotStartAnInstanceWhoseDataAreGone() throws Exception {
        empty(host.root());
        String lost = "data_m_1.1 was made in " + data() + ", but " + data().resolve("PG_VERSION");

        host.startAgent();

        awaitProblem(lost);
        assertRefused(host.start(datanode), lost);
        assertRefused(host.prepare(datanode), lost);
        assertThat(host.report(datanode).state()).isEqualTo(State.DOWN);
        assertThat(host.root()).isEmptyDirectory();
    }

    @Test
    void doesNotStartAnInstanceInAnEmptyDirectory() throws Exception {
        empty(data());

        host.startAgent();

        awaitProblem("data_m_1.1 was made in " + data());
        assertThat(data()).isEmptyDirectory();
    }

    @Test
    void startsAServerWhoseNumberAnotherProcessHasSinceTheContainerBeganAnew() throws Exception {
        try (EarlierLife life = EarlierLife.leaveTo(host.config(), "earlier", 2)) {
            host.startAgent();

            await().atMost(LONG).until(() -> host.report(datanode).state() == State.UP);
            assertThat(Files.readAllLines(data().resolve("postmaster.pid")).get(0))
                    .isEqualTo(Long.toString(host.report(datanode).pid().orElseThrow()));
            assertThat(life.numberIsTaken()).isTrue();
        }
    }

    /** In one life of the container that process may be a server which the agent does not know. */
    @Test
    void leavesItToTheServerWhoMayBeAtWorkInItsDirectoryOtherwise() throws Exception {
        try (EarlierLife life = EarlierLife.leaveTo(host.config(), "", 2)) {
            host.startAgent();

            awaitProblem("lock file \"postmaster.pid\" already exists");
            assertThat(life.numberIsTaken()).isTrue();
        }
        await().atMost(LONG).until(() -> host.report(datanode).state() == State.UP);
    }

    private Path data() {
        return host.root().resolve("data_m_1");
    }

    private void awaitProblem(String what) {
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(host.inspect().problems())
                                        .extracting(Problem::what)
                                        .anyMatch(problem -> problem.contains(what)));
    }

    private static void assertRefused(Reply reply, String what) {
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        Reply.Failed failed = (Reply.Failed) reply;
        assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
        assertThat(failed.problems()).extracting(Problem::what).anyMatch(it -> it.contains(what));
    }

    private static void empty(Path directory) throws IOException {
        DurableFile.deleteTree(directory);
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
    }
}
