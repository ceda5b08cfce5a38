package xlctl.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.KeyPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Port;

/** Whoever connects and then hangs: at every stage in bounded time, by name, and alone. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HangingAgentTest {
    private static final ClusterName CLUSTER = new ClusterName("test");
    private static final HostName LOOPBACK = new HostName("127.0.0.1");
    private static final HostName HANGING = new HostName("h1");
    private static final HostName WELL = new HostName("h2");
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    /** After as long an agent that says nothing at all counts as lost. */
    private static final Duration LOST = TIMEOUT.multipliedBy(6);

    private final CountDownLatch release = new CountDownLatch(1);
    private volatile boolean greeting = true;
    @TempDir private Path directory;
    private SshServerOfTest server;
    private SshServerOfTest well;
    private FreezingProxy proxy;
    private SshAgents agents;

    @BeforeEach
    void start() throws Exception {
        Path key = directory.resolve("key");
        KeyPair pair = KeyPair.genKeyPair(new JSch(), KeyPair.ED25519);
        try (var file = Files.newOutputStream(key)) {
            pair.writeOpenSSHv1PrivateKey(file, null);
        }
        server = new SshServerOfTest((request, progress) -> handle(HANGING, request));
        well = new SshServerOfTest((request, progress) -> handle(WELL, request));
        proxy = new FreezingProxy(server.port());
        agents = new SshAgents(CLUSTER, key, "test", TIMEOUT);
    }

    @AfterEach
    void stop() throws Exception {
        release.countDown();
        agents.close();
        proxy.close();
        server.close();
        well.close();
    }

    @Test
    void whoSpeaksTheBannerAndStopsIsGivenUpAndSaidToListen() throws Exception {
        try (MutePeer peer = MutePeer.speakingTheBanner()) {
            assertThat(failureOf(peer.port(), TIMEOUT.multipliedBy(2)).problem().toString())
                    .contains(
                            "the agent of host h1 at 127.0.0.1:" + peer.port(),
                            "did not answer within 2 s: it accepts connections, but the SSH login"
                                    + " was not finished",
                            "end it and start it again");
        }
    }

    @Test
    void whoSendsALetterNowAndThenIsGivenUpAllTheSame() throws Exception {
        try (MutePeer peer = MutePeer.dribbling(Duration.ofMillis(300))) {
            assertThat(failureOf(peer.port(), TIMEOUT.multipliedBy(4)).problem().what())
                    .contains("did not answer within 6 s: it accepts connections, but");
        }
    }

    @Test
    void aKeyIsNotWaitedForLongerEither() throws Exception {
        try (MutePeer peer = MutePeer.dribbling(Duration.ofMillis(300))) {
            long began = System.nanoTime();

            AgentUnreachableException failure =
                    catchThrowableOfType(
                            AgentUnreachableException.class,
                            () -> agents.offeredKey(HANGING, address(peer.port())));

            assertThat(failure.problem().what()).contains("did not answer within 6 s");
            assertThat(since(began)).isLessThan(TIMEOUT.multipliedBy(4));
        }
    }

    @Test
    void whoLogsInAndStopsIsGivenUp() throws Exception {
        server.openNoChannels();

        assertThat(failureOf(server.port(), TIMEOUT.multipliedBy(3)).problem().what())
                .contains("did not answer within 2 s: it accepted the SSH login, but opened no");
    }

    @Test
    void whoOpensAChannelAndDoesNotGreetIsGivenUp() throws Exception {
        greeting = false;

        assertThat(failureOf(server.port(), TIMEOUT.multipliedBy(3)).problem().what())
                .contains("did not answer within 2 s: it opened a channel, but did not greet");
    }

    @Test
    void othersAreNotDelayed() throws Exception {
        try (MutePeer peer = MutePeer.speakingTheBanner()) {
            CompletableFuture<Reply> hanging = call(HANGING, peer.port(), tables());

            call(WELL, well.port(), tables()).get(10, TimeUnit.SECONDS);
            long began = System.nanoTime();
            call(WELL, well.port(), tables()).get(10, TimeUnit.SECONDS);

            assertThat(since(began)).isLessThan(Duration.ofSeconds(1));
            assertThat(catchThrowable(() -> hanging.get(10, TimeUnit.SECONDS))).isNotNull();
        }
    }

    @Test
    @Tag("slow")
    void whoAnswersARequestAndFreezesLosesTheNextOne() throws Exception {
        call(HANGING, proxy.port(), tables()).get(10, TimeUnit.SECONDS);
        proxy.freeze();
        long began = System.nanoTime();

        AgentUnreachableException failure =
                failureOf(call(HANGING, proxy.port(), tables()), LOST.multipliedBy(2));

        assertThat(failure.problem().what()).contains("the agent of host h1 ended");
        assertThat(since(began)).isLessThan(LOST.plus(TIMEOUT));
        assertThat(failureOf(proxy.port(), TIMEOUT.multipliedBy(2)).problem().what())
                .contains("did not answer within 2 s: it accepts connections, but");
        proxy.thaw();
        call(HANGING, proxy.port(), tables()).get(10, TimeUnit.SECONDS);
    }

    @Test
    @Tag("slow")
    void callsReturnAtOnceWhenTheAgentReadsNothingAndFailInTime() throws Exception {
        server.readNothing();

        assertTakesNothing(server.port());
    }

    @Test
    @Tag("slow")
    void callsReturnAtOnceWhenNothingIsCarriedAndFailInTime() throws Exception {
        call(HANGING, proxy.port(), tables()).get(10, TimeUnit.SECONDS);
        proxy.freeze();

        assertTakesNothing(proxy.port());
    }

    @Test
    void closingDoesNotWaitForWhoTakesNothing() throws Exception {
        call(HANGING, proxy.port(), tables()).get(10, TimeUnit.SECONDS);
        proxy.freeze();
        List<CompletableFuture<Reply>> calls = flood(proxy.port());
        long began = System.nanoTime();

        agents.close();

        assertThat(since(began)).isLessThan(Duration.ofSeconds(1));
        for (CompletableFuture<Reply> each : calls) {
            assertThat(failureOf(each, Duration.ofSeconds(1))).isNotNull();
        }
    }

    private void assertTakesNothing(int port) throws Exception {
        long began = System.nanoTime();
        List<CompletableFuture<Reply>> calls = flood(port);
        assertThat(since(began)).isLessThan(TIMEOUT);

        for (CompletableFuture<Reply> each : calls) {
            assertThat(failureOf(each, LOST.multipliedBy(2)).problem().what())
                    .contains("the connection to the agent of host h1 ended");
        }
        assertThat(since(began)).isLessThan(LOST.plus(TIMEOUT));
    }

    /** More than windows and buffers take. */
    private List<CompletableFuture<Reply>> flood(int port) throws Exception {
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        for (int each = 1; each <= 40; each++) {
            calls.add(call(HANGING, port, large()));
        }
        return calls;
    }

    private Reply handle(HostName host, Request request) {
        if (request instanceof Request.Hello && greeting) {
            return new Reply.Welcome(Protocol.NEWEST, "test", CLUSTER, host);
        }
        if (request instanceof Request.ListUserTables) {
            return new Reply.UserTables(List.of(), 0);
        }
        try {
            release.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Reply.Converged(1);
    }

    private CompletableFuture<Reply> call(HostName host, int port, Request request) {
        SshServerOfTest key = host.equals(WELL) ? well : server;
        HostRecord record = new HostRecord(host, address(port), key.hostKey(), Instant.EPOCH);
        return agents.to(record).call(request, progress -> {});
    }

    private static HostPort address(int port) {
        return new HostPort(LOOPBACK, new Port(port));
    }

    private static Request tables() {
        return new Request.ListUserTables(InstanceName.parse("data_1.1"));
    }

    private static Request large() {
        return new Request.Hello(1, 1, "x".repeat(300_000));
    }

    private AgentUnreachableException failureOf(int port, Duration limit) {
        return failureOf(call(HANGING, port, tables()), limit);
    }

    private static AgentUnreachableException failureOf(
            CompletableFuture<Reply> call, Duration limit) {
        Throwable thrown = catchThrowable(() -> call.get(limit.toMillis(), TimeUnit.MILLISECONDS));
        assertThat(thrown)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(AgentUnreachableException.class);
        return (AgentUnreachableException) thrown.getCause();
    }

    private static Duration since(long began) {
        return Duration.ofNanos(System.nanoTime() - began);
    }
}
