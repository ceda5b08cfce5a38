package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.work.FencedHandler;
import xlctl.text.FileSizeLimit;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** Writing stops in the middle. The programs that the agent starts are under the limit, too. */
class FullDiskTest extends OneHostScenario {
    private static final long MEGABYTE = 1L << 20;

    @AfterEach
    void makeSpace() throws Exception {
        FileSizeLimit.lift();
    }

    @Test
    void leavesNothingBehindWhenInitdbCannotWriteAndSaysWhatIsFree() throws Exception {
        Node datanode = datanode("data_m_1");
        String where = "initdb in " + host.root().toRealPath();

        Reply reply = host.ask(prepare(datanode), line -> FileSizeLimit.set(MEGABYTE));

        FileSizeLimit.lift();
        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().get(0).toString())
                                        .contains(where)
                                        .containsPattern("\\d+ MB are free there")
                                        .contains("see that the disk has space"));
        assertThat(host.root()).isEmptyDirectory();
        assertThat(host.inspect().instances()).isEmpty();
        TestHost.mustBeDone(host.prepare(datanode));
    }

    @Test
    void doesNothingWhenTheAttemptCannotBeWrittenDown() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        TestHost.mustBeDone(host.start(datanode));
        Path state = Files.createDirectories(directory.resolve("ledger"));
        try (FencedHandler fenced =
                FencedHandler.open(state, (request, progress) -> new Reply.Done("done"))) {
            Request stop = new Request.Discard(host.key(), TestHost.name(datanode), Disposal.KEEP);
            FileSizeLimit.set(0);
            Reply reply = fenced.handle(stop, line -> {});
            FileSizeLimit.lift();

            assertThat(reply)
                    .isInstanceOfSatisfying(
                            Reply.Failed.class,
                            failed ->
                                    assertThat(failed.problems().toString())
                                            .contains("cannot write down", "nothing was done"));
            assertThat(fenced.handle(stop, line -> {})).isEqualTo(new Reply.Done("done"));
        }
    }

    @Test
    void keepsItsRecordWhenAnotherCannotBeWritten() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        TestHost.mustBeDone(host.start(datanode));
        List<String> before = records();

        FileSizeLimit.set(0);
        Reply reply = host.discard(datanode, Disposal.KEEP);
        FileSizeLimit.lift();

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().toString())
                                        .contains("data_m_1", "not full"));
        assertThat(records()).isEqualTo(before);
        host.stopAgent();
        host.startAgent();
        assertThat(host.report(datanode).state()).isEqualTo(State.UP);
        TestHost.mustBeDone(host.discard(datanode, Disposal.ERASE));
    }

    @Test
    void startsADeadServerOnceThereIsSpaceAndSaysMeanwhileWhatToDo() throws Exception {
        Node datanode = datanode("data_m_1");
        host.add(store, datanode);

        FileSizeLimit.set(0);
        host.killServers();
        await().until(() -> host.inspect().problems().toString().contains("cannot be started"));
        Problem problem = host.inspect().problems().get(0);
        FileSizeLimit.lift();

        assertThat(problem.what()).contains("data_m_1.1 cannot be started: file too large");
        assertThat(problem.remedy())
                .contains(host.config().stateDirectory().toString(), "have space");
        await().untilAsserted(() -> assertThat(host.report(datanode).state()).isEqualTo(State.UP));
    }

    private Request prepare(Node node) {
        return new Request.Prepare(
                host.key(), host.spec(node, TestHost.NETWORKS), TestSecrets.of(NodeKind.DATANODE));
    }

    private List<String> records() throws IOException {
        try (Stream<Path> files = Files.walk(host.config().stateDirectory().resolve("instances"))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(".json"))
                    .map(FullDiskTest::read)
                    .sorted()
                    .toList();
        }
    }

    private static String read(Path file) {
        try {
            return file + "\n" + Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
