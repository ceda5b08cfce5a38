package xlctl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.KeyPair;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Port;
import xlctl.topology.Problem;

class SshAgentsTest {
    private static final ClusterName CLUSTER = new ClusterName("test");
    private static final HostName HOST = new HostName("127.0.0.1");
    private static final String OTHER_KEY =
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGNWQDo9rhDZ5dnZxZkqHKa0hVd2b8vVtfV0Z1l8J8aB";

    @TempDir private Path directory;
    private final CountDownLatch release = new CountDownLatch(1);
    private ClusterName greetedAs = CLUSTER;
    private Optional<Reply> greeting = Optional.empty();
    private SshServerOfTest server;
    private SshAgents agents;

    @BeforeEach
    void start() throws Exception {
        Path key = directory.resolve("key");
        KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
        try (var file = Files.newOutputStream(key)) {
            pair.writeOpenSSHv1PrivateKey(file, null);
        }
        server = new SshServerOfTest(this::handle);
        agents = new SshAgents(CLUSTER, key, "test", Duration.ofSeconds(2));
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        agents.close();
        server.close();
    }

    @Test
    void manyCallsShareOneChannelAndEachGetsItsOwnAnswer() throws Exception {
        List<CompletableFuture<Reply>> replies = new ArrayList<>();
        for (int each = 1; each <= 500; each++) {
            replies.add(
                    call(new Request.ListUserTables(InstanceName.parse("data_" + each + ".1"))));
        }

        for (int each = 1; each <= 500; each++) {
            Reply reply = replies.get(each - 1).get(10, TimeUnit.SECONDS);
            assertThat(reply).isEqualTo(new Reply.UserTables(List.of("data_" + each + ".1"), 1));
        }
        assertThat(server.channels()).isEqualTo(1);
    }

    @Test
    void aSlowCallDoesNotHoldUpOthers() throws Exception {
        CompletableFuture<Reply> slow = call(new Request.AwaitConvergence(1, Duration.ZERO));

        assertThat(call(tables()).get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.UserTables.class);
        assertThat(slow).isNotDone();
        release.countDown();
        assertThat(slow.get(10, TimeUnit.SECONDS)).isEqualTo(new Reply.Converged(1));
    }

    @Test
    void aHostWhoseNameHasNoAddressIsSaidToHaveNoneAndHoldsUpNobody() throws Exception {
        HostName gone = new HostName("gone.invalid");
        HostRecord record =
                new HostRecord(
                        gone, new HostPort(gone, new Port(7422)), server.hostKey(), Instant.EPOCH);

        CompletableFuture<Reply> never = agents.to(record).call(tables(), progress -> {});
        assertThat(call(tables()).get(2, TimeUnit.SECONDS)).isInstanceOf(Reply.UserTables.class);
        assertThat(failureOf(record)).hasMessageContaining("the name gone.invalid has no address");
        assertThat(never).isCompletedExceptionally();
    }

    @Test
    void progressComesWhileTheWorkGoesOn() throws Exception {
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        CompletableFuture<Reply> slow =
                agents.to(record())
                        .call(new Request.AwaitConvergence(1, Duration.ZERO), lines::add);

        await().until(() -> lines.contains("waiting"));
        assertThat(slow).isNotDone();
    }

    @Test
    void anotherHostKeyThanTheAcceptedOneIsRefusedWithBothFingerprints() {
        HostRecord registered = record(server.port(), OTHER_KEY);

        AgentUnreachableException failure = failureOf(registered);

        assertThat(failure.problem().what())
                .contains(
                        HostKeyFingerprint.of(OTHER_KEY), HostKeyFingerprint.of(server.hostKey()));
        assertThat(failure.problem().remedy()).contains("host accept 127.0.0.1");
        assertThat(server.channels()).isZero();
    }

    @Test
    void anAgentThatDoesNotKnowTheKeyIsTold() {
        server.acceptNoClients();

        assertThat(failureOf(record()).problem().toString())
                .contains("refuses the SSH key", "authorized keys");
    }

    @Test
    void nobodyListeningIsSaid() throws Exception {
        int port = server.port();
        server.stop();

        assertThat(failureOf(record(port, server.hostKey())).problem().what())
                .contains("127.0.0.1:" + port, "refused");
    }

    @Test
    void someoneWhoAcceptsAndSaysNothingIsGivenUpInTime() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            AgentUnreachableException failure =
                    failureOf(record(mute.getLocalPort(), server.hostKey()));

            assertThat(failure.problem().what()).contains("did not answer within 2 s");
        }
    }

    @Test
    void anAgentThatSharesNoVersionWithTheShellIsRefusedInItsOwnWords() {
        greeting = Optional.of(Reply.Failed.refused("speaks version 9", "upgrade"));

        assertThat(failureOf(record()).problem())
                .isEqualTo(Problem.of("speaks version 9", "upgrade"));
    }

    @Test
    void anAgentThatChoosesAVersionThatTheShellDoesNotSpeakIsRefused() {
        greeting = Optional.of(new Reply.Welcome(Protocol.NEWEST + 1, "9.9", greetedAs, HOST));

        assertThat(failureOf(record()).problem().what())
                .isEqualTo(
                        "the agent of host 127.0.0.1 (xlctl 9.9) chose protocol version "
                                + (Protocol.NEWEST + 1)
                                + ", which this program does not speak");
    }

    @Test
    void theAgentOfAnotherClusterIsRefused() {
        greetedAs = new ClusterName("other");

        assertThat(failureOf(record()).problem().what()).contains("of cluster other, not of");
    }

    @Test
    void aLostConnectionFailsItsCallsAndTheNextCallOpensAnother() throws Exception {
        CompletableFuture<Reply> slow = call(new Request.AwaitConvergence(1, Duration.ZERO));
        call(tables()).get(10, TimeUnit.SECONDS);
        server.stop();

        assertThatThrownBy(() -> slow.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AgentUnreachableException.class);
        assertThat(failureOf(record())).isNotNull();
        server.start();
        assertThat(call(tables()).get(10, TimeUnit.SECONDS)).isInstanceOf(Reply.UserTables.class);
        assertThat(server.channels()).isEqualTo(2);
    }

    @Test
    void theKeyOfAHostThatIsNotRegisteredCanBeFetched() {
        assertThat(agents.offeredKey(HOST, record().agent())).isEqualTo(server.hostKey());
        assertThat(server.channels()).isZero();
    }

    @Test
    void fetchingAKeyWhereNobodyListensFails() throws Exception {
        server.stop();

        assertThatThrownBy(() -> agents.offeredKey(HOST, record().agent()))
                .isInstanceOf(AgentUnreachableException.class);
    }

    @Test
    void closingFailsWhatIsInFlightAndLeavesNoThreads() throws Exception {
        CompletableFuture<Reply> slow = call(new Request.AwaitConvergence(1, Duration.ZERO));
        call(tables()).get(10, TimeUnit.SECONDS);

        agents.close();

        assertThatThrownBy(() -> slow.get(10, TimeUnit.SECONDS))
                .hasCauseInstanceOf(AgentUnreachableException.class);
        await().until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .noneMatch(
                                                thread ->
                                                        thread.getName()
                                                                .startsWith("agent-reader")));
    }

    private Reply handle(Request request, Consumer<String> progress) {
        if (request instanceof Request.Hello) {
            return greeting.orElseGet(
                    () -> new Reply.Welcome(Protocol.NEWEST, "test", greetedAs, HOST));
        }
        if (request instanceof Request.ListUserTables list) {
            return new Reply.UserTables(List.of(list.instance().toString()), 1);
        }
        progress.accept("waiting");
        try {
            release.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Reply.Converged(1);
    }

    private CompletableFuture<Reply> call(Request request) {
        return agents.to(record()).call(request, progress -> {});
    }

    private static Request tables() {
        return new Request.ListUserTables(InstanceName.parse("data_1.1"));
    }

    private HostRecord record() {
        return record(server.port(), server.hostKey());
    }

    private static HostRecord record(int port, String key) {
        return new HostRecord(HOST, new HostPort(HOST, new Port(port)), key, Instant.EPOCH);
    }

    private AgentUnreachableException failureOf(HostRecord record) {
        Throwable thrown =
                catchThrowable(
                        () ->
                                agents.to(record)
                                        .call(tables(), progress -> {})
                                        .get(10, TimeUnit.SECONDS));
        assertThat(thrown).isInstanceOf(ExecutionException.class);
        assertThat(thrown.getCause()).isInstanceOf(AgentUnreachableException.class);
        return (AgentUnreachableException) thrown.getCause();
    }
}
