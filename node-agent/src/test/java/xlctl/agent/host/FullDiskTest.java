package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;

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
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;

/**
 * Writing stops in the middle. No test can fill a disk without being root, so the kernel's limit of
 * a file's size stands for it: the programs that the agent starts have it too.
 */
class FullDiskTest extends OneHostScenario {
    private static final long MEGABYTE = 1L << 20;

    @AfterEach
    void makeSpace() throws Exception {
        limitFiles("unlimited");
    }

    @Test
    void leavesNothingBehindWhenInitdbCannotWriteAndSaysWhatIsFree() throws Exception {
        Node datanode = datanode("data_m_1");
        String where = "initdb in " + host.root().toRealPath();

        Reply reply = host.ask(prepare(datanode), line -> limitFiles(Long.toString(MEGABYTE)));

        limitFiles("unlimited");
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
            limitFiles("0");
            Reply reply = fenced.handle(stop, line -> {});
            limitFiles("unlimited");

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

        limitFiles("0");
        Reply reply = host.discard(datanode, Disposal.KEEP);
        limitFiles("unlimited");

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

    /** The soft limit of this process, which what it starts inherits. */
    private static void limitFiles(String bytes) {
        try {
            int exit =
                    new ProcessBuilder(
                                    "prlimit",
                                    "--pid",
                                    Long.toString(ProcessHandle.current().pid()),
                                    "--fsize=" + bytes + ":")
                            .inheritIO()
                            .start()
                            .waitFor();
            assertThat(exit).as("prlimit").isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }
}
