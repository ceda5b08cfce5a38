package xlctl.agent.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static xlctl.agent.host.TestHost.freePort;
import static xlctl.agent.host.TestHost.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Disposal;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.topology.InstanceReport.State;
import xlctl.topology.Node;
import xlctl.topology.NodeKind;
import xlctl.topology.Problem;

/** How instances are made and forgotten, also when that is cut short. */
class PreparationTest extends OneHostScenario {
    @Test
    void undoesOnlyWhatTheSameOperationPrepared() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));

        StepKey another = new StepKey(2, 1, 0);
        TestHost.mustBeDone(
                host.ask(new Request.Discard(another, TestHost.name(datanode), Disposal.UNDO)));
        assertThat(host.report(datanode).state()).isEqualTo(State.PREPARED);

        TestHost.mustBeDone(host.discard(datanode, Disposal.UNDO));
        assertThat(host.inspect().instances()).isEmpty();
    }

    @Test
    void keepsDataWhenAnInstanceIsForgotten() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        TestHost.mustBeDone(host.start(datanode));

        TestHost.mustBeDone(host.discard(datanode, Disposal.KEEP));

        assertThat(host.inspect().instances()).isEmpty();
        assertThat(host.root().resolve("data_m_1/PG_VERSION")).exists();
        assertThat(host.root().resolve("data_m_1/postmaster.pid")).doesNotExist();
    }

    @Test
    void leavesNothingBehindWhenTheServerDoesNotTakeItsSettings() throws Exception {
        Node wrong =
                node(
                        NodeKind.DATANODE,
                        "data_m_1",
                        ADDRESS,
                        freePort(ADDRESS),
                        "some/data_m_1",
                        "no_such_setting = 1",
                        "");

        Reply reply = host.prepare(wrong);

        assertThat(reply)
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed ->
                                assertThat(failed.problems().get(0).what())
                                        .contains("no_such_setting"));
        assertThat(host.root().resolve("some")).isEmptyDirectory();
        assertThat(host.inspect().instances()).isEmpty();
        assertThat(host.config().stateDirectory().resolve("instances")).isEmptyDirectory();
    }

    @Test
    void leavesNothingBehindWhenPreparingIsInterrupted() throws Exception {
        Node datanode = datanode("data_m_1");
        Request prepare =
                new Request.Prepare(
                        host.key(),
                        host.spec(datanode, TestHost.NETWORKS),
                        TestSecrets.of(NodeKind.DATANODE));

        Reply reply = host.ask(prepare, line -> Thread.currentThread().interrupt());

        assertThat(Thread.interrupted()).isTrue();
        assertThat(reply).isInstanceOf(Reply.Failed.class);
        assertThat(host.root()).isEmptyDirectory();
        assertThat(host.inspect().instances()).isEmpty();
        TestHost.mustBeDone(host.prepare(datanode));
    }

    @Test
    void answersOnAfterItCouldNotRemoveWhatAFailureLeft() throws Exception {
        Node datanode = datanode("data_m_1");
        Path locked = host.root().resolve("data_m_1/locked");
        Request prepare =
                new Request.Prepare(
                        host.key(),
                        host.spec(datanode, TestHost.NETWORKS),
                        TestSecrets.of(NodeKind.DATANODE));
        Reply failed = host.ask(prepare, line -> makeUndeletable(locked));
        assertThat(failed).isInstanceOf(Reply.Failed.class);
        Path aside = host.root().resolve("data_m_1.xlctl-removed-1/locked");
        Files.setPosixFilePermissions(aside, PosixFilePermissions.fromString("rwx------"));

        // Another thread, as every request has one: the lock must not be left to the first.
        Reply reply =
                CompletableFuture.supplyAsync(() -> host.prepare(datanode))
                        .get(30, TimeUnit.SECONDS);

        TestHost.mustBeDone(reply);
    }

    @Test
    void preparesAfreshAfterItWasKilledInTheMiddle() throws Exception {
        Node datanode = datanode("data_m_1");
        host.stopAgent();
        leaveBehind(datanode, InstanceRecord.Phase.PREPARING);

        host.startAgent();

        assertThat(host.start(datanode)).isInstanceOf(Reply.Failed.class);
        assertThat(host.report(datanode).why()).contains("not finished");
        TestHost.mustBeDone(host.prepare(datanode));
        TestHost.mustBeDone(host.start(datanode));
        assertThat(host.root().resolve("data_m_1/half")).doesNotExist();
    }

    @Test
    void endsARemovalInTheMiddleOfWhichItWasKilled() throws Exception {
        Node datanode = datanode("data_m_1");
        host.stopAgent();
        leaveBehind(datanode, InstanceRecord.Phase.REMOVING);
        Files.createDirectories(host.root().resolve("data_m_1.xlctl-removed-1/base"));

        host.startAgent();

        await().until(() -> host.inspect().instances().isEmpty());
        assertThat(host.root()).isEmptyDirectory();
    }

    @Test
    void triesARemovalAgainUntilItCanAndSaysMeanwhileWhatIsInTheWay() throws Exception {
        Node datanode = datanode("data_m_1");
        host.stopAgent();
        leaveBehind(datanode, InstanceRecord.Phase.REMOVING);
        makeUndeletable(host.root().resolve("data_m_1/locked"));

        host.startAgent();

        await().until(() -> !host.inspect().problems().isEmpty());
        assertThat(host.inspect().problems())
                .singleElement()
                .extracting(Problem::what)
                .asString()
                .contains("data_m_1.1 is to be removed", "permission denied");
        assertThat(host.inspect().obstacles()).hasValue(List.of());

        Files.setPosixFilePermissions(
                host.root().resolve("data_m_1.xlctl-removed-1/locked"),
                PosixFilePermissions.fromString("rwx------"));

        await().until(() -> host.inspect().instances().isEmpty());
        await().until(() -> host.inspect().problems().isEmpty());
        assertThat(host.root()).isEmptyDirectory();
    }

    @Test
    void refusesToPrepareOverAnotherInstanceOfTheName() throws Exception {
        Node datanode = datanode("data_m_1");
        TestHost.mustBeDone(host.prepare(datanode));
        Node other = node(NodeKind.DATANODE, "data_m_1", ADDRESS, freePort(ADDRESS), "other");

        assertThat(host.prepare(other))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.REFUSED));
        assertThat(host.ask(new Request.ProbePlace(host.spec(other, TestHost.NETWORKS))))
                .isInstanceOfSatisfying(
                        Reply.PlaceReport.class,
                        report ->
                                assertThat(report.problems())
                                        .singleElement()
                                        .extracting(Problem::what)
                                        .asString()
                                        .contains("data_m_1.1"));
    }

    private static void makeUndeletable(Path directory) {
        try {
            Files.createDirectories(directory.resolve("file"));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("r-x------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void leaveBehind(Node node, InstanceRecord.Phase phase) throws IOException {
        Path data = host.root().toRealPath().resolve("data_m_1");
        Files.createDirectories(data.resolve("half"));
        new InstanceRecords(host.config().stateDirectory())
                .write(
                        InstanceRecord.preparing(
                                        host.spec(node, TestHost.NETWORKS),
                                        data.toString(),
                                        Optional.empty(),
                                        1)
                                .in(phase),
                        TestSecrets.of(node.kind()));
    }
}
