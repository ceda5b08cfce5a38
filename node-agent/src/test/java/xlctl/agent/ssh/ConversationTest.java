package xlctl.agent.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.agent.api.Frame;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.RequestHandler;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;

@Timeout(60)
class ConversationTest {
    @TempDir private Path directory;
    private RunningAgent agent;

    /** Stands for the host: answers {@code AwaitConvergence} by its number, at once unless told. */
    private volatile RequestHandler host = ConversationTest::byNumber;

    private static Reply byNumber(Request request, Consumer<String> progress) {
        return new Reply.Converged(((Request.AwaitConvergence) request).topologyVersion());
    }

    private static Request numbered(int number) {
        return new Request.AwaitConvergence(number, Duration.ofSeconds(1));
    }

    @BeforeEach
    void startAgent() throws IOException {
        agent =
                RunningAgent.start(
                        directory, (request, progress) -> host.handle(request, progress));
    }

    @AfterEach
    void agentIsHealthyToTheEnd() throws IOException {
        host = ConversationTest::byNumber;
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(1, numbered(77));
            assertThat(client.reply()).isEqualTo(new Reply.Converged(77));
        }
        await("no thread of a closed channel stays")
                .until(() -> threads("agent-reader-").isEmpty());
        agent.close();
    }

    @Test
    void welcomesAndSaysWhoItIs() throws IOException {
        try (FrameClient client = FrameClient.connect(agent)) {
            client.call(5, Request.Hello.now("test"));
            Frame frame = client.receive();

            assertThat(frame.kind()).isEqualTo(Frame.Kind.ANSWER);
            assertThat(frame.id()).isEqualTo(5);
            assertThat(frame.reply())
                    .isEqualTo(
                            new Reply.Welcome(
                                    Protocol.NEWEST,
                                    RunningAgent.VERSION,
                                    new ClusterName("postgresql-1"),
                                    new HostName("db-1")));
        }
    }

    @Test
    void agreesOnTheNewestVersionBothSpeak() throws IOException {
        try (FrameClient client = FrameClient.connect(agent)) {
            client.call(1, new Request.Hello(0, 99, "newer"));
            assertThat(((Reply.Welcome) client.reply()).protocol()).isEqualTo(Protocol.NEWEST);
        }
    }

    @Test
    void refusesACallerWithWhomItSharesNoVersion() throws IOException {
        try (FrameClient client = FrameClient.connect(agent)) {
            client.call(1, new Request.Hello(98, 99, "much newer"));
            assertThat(client.reply().toString()).contains("versions 98 to 99");

            client.call(2, numbered(1));
            assertThat(client.reply().toString()).contains("before Hello");
        }
    }

    @Test
    void refusesCallsBeforeHello() throws IOException {
        try (FrameClient client = FrameClient.connect(agent)) {
            client.call(1, numbered(1));
            assertThat(client.reply().toString()).contains("REFUSED", "before Hello");

            client.call(2, Request.Hello.now("test"));
            client.receive();
            client.call(3, numbered(3));
            assertThat(client.reply()).isEqualTo(new Reply.Converged(3));
        }
    }

    @Test
    void namesARequestThatItDoesNotKnow() throws IOException {
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.send(call(9, "{\"type\":\"Levitate\",\"height\":3}"));
            Frame frame = client.receive();

            assertThat(frame.id()).isEqualTo(9);
            Reply.Failed failed = (Reply.Failed) frame.reply();
            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.UNKNOWN_REQUEST);
            assertThat(failed.problems().get(0).what())
                    .contains("xlctl 1.2.3 on host db-1 does not know the request 'Levitate'");
            assertThat(failed.problems().get(0).remedy()).contains("upgrade it");
        }
    }

    @Test
    void doesNotDoARequestThatSaysMoreThanItKnows() throws IOException {
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.send(call(9, "{\"type\":\"Inspect\",\"hurry\":true}"));
            Reply.Failed failed = (Reply.Failed) client.reply();

            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.UNKNOWN_REQUEST);
            assertThat(failed.problems().get(0).what()).contains("'Inspect'", "hurry");
        }
    }

    @ParameterizedTest
    @MethodSource("unreadableBodies")
    void answersABodyThatIsNoRequest(String body) throws IOException {
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.send(call(9, body));
            assertThat(((Reply.Failed) client.reply()).kind())
                    .isEqualTo(Reply.Failed.Kind.UNKNOWN_REQUEST);
        }
    }

    static Stream<String> unreadableBodies() {
        return Stream.of(
                "", "null", "{", "[]", "\0\1\2", "[".repeat(100_000), "{\"type\":\"Kill\"}");
    }

    static Stream<Arguments> malformed() {
        byte[] noise = new byte[5000];
        new Random(1).nextBytes(noise);
        noise[0] = (byte) 0xab;
        return Stream.of(
                arguments("noise", noise),
                arguments("text", "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8)),
                arguments("2 GB", HexFormat.of().parseHex("7fffffff010000000000000001")),
                arguments("negative length", HexFormat.of().parseHex("ffffffff010000000000000001")),
                arguments("unknown kind", HexFormat.of().parseHex("00000009070000000000000001")),
                arguments("an answer", HexFormat.of().parseHex("00000009020000000000000001")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void closesTheConnectionOfAMalformedFrameWithOneWarning(String name, byte[] bytes)
            throws IOException {
        try (LoggedWarnings log = new LoggedWarnings();
                FrameClient client = FrameClient.greeted(agent)) {
            client.send(bytes);

            assertThat(client.rest()).isEmpty();
            await().until(() -> !client.isConnected());
            await().until(() -> threads("agent-reader-").isEmpty());
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:", "does not speak the protocol");
        }
    }

    @Test
    void closesTheConnectionOfATruncatedFrameWithOneWarning() throws IOException {
        try (LoggedWarnings log = new LoggedWarnings();
                FrameClient client = FrameClient.greeted(agent)) {
            client.send(HexFormat.of().parseHex("00000100010000000000000001"));
            client.endInput();

            assertThat(client.rest()).isEmpty();
            assertThat(log.lines())
                    .singleElement()
                    .asString()
                    .contains("127.0.0.1:", "inside a frame");
        }
    }

    @Test
    void closesTheConnectionOfAnIdUsedTwiceAtATime() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        host = waitingFor(release);
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(1, numbered(1));
            client.call(1, numbered(2));

            assertThat(client.rest()).isEmpty();
        } finally {
            release.countDown();
        }
    }

    @Test
    void answersAThousandPipelinedCallsEachByItsId() throws IOException {
        try (FrameClient client = FrameClient.greeted(agent)) {
            for (int i = 1; i <= 1000; i++) {
                client.call(i * 10L, numbered(i));
            }
            Map<Long, Reply> answers = new HashMap<>();
            Map<Long, Reply> expected = new HashMap<>();
            for (int i = 1; i <= 1000; i++) {
                Frame frame = client.receive();
                answers.put(frame.id(), frame.reply());
                expected.put(i * 10L, new Reply.Converged(i));
            }

            assertThat(answers).isEqualTo(expected);
        }
    }

    @Test
    void doesNotLetAQuickCallWaitForASlowOne() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        host =
                (request, progress) ->
                        request.equals(numbered(1))
                                ? waitingFor(release).handle(request, progress)
                                : byNumber(request, progress);
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(1, numbered(1));
            client.call(2, numbered(2));

            assertThat(client.receive().id()).isEqualTo(2);
            release.countDown();
            assertThat(client.receive().id()).isEqualTo(1);
        }
    }

    @Test
    void sendsProgressBeforeTheAnswer() throws IOException {
        host =
                (request, progress) -> {
                    progress.accept("one");
                    progress.accept("zwölf");
                    return byNumber(request, progress);
                };
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(4, numbered(4));
            List<String> seen = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Frame frame = client.receive();
                seen.add(
                        frame.id()
                                + " "
                                + frame.kind()
                                + " "
                                + (frame.kind() == Frame.Kind.PROGRESS ? frame.text() : ""));
            }

            assertThat(seen).containsExactly("4 PROGRESS one", "4 PROGRESS zwölf", "4 ANSWER ");
        }
    }

    @Test
    void answersWhatRunsAfterTheEndOfInput() throws IOException {
        CountDownLatch begun = new CountDownLatch(3);
        CountDownLatch release = new CountDownLatch(1);
        host =
                (request, progress) -> {
                    begun.countDown();
                    return waitingFor(release).handle(request, progress);
                };
        try (FrameClient client = FrameClient.greeted(agent)) {
            for (int i = 1; i <= 3; i++) {
                client.call(i, numbered(i));
            }
            client.endInput();
            assertThat(awaitZero(begun)).isTrue();
            release.countDown();

            assertThat(
                            LongStream.of(
                                            client.receive().id(),
                                            client.receive().id(),
                                            client.receive().id())
                                    .sorted())
                    .containsExactly(1L, 2L, 3L);
            assertThat(client.rest()).isEmpty();
        }
    }

    @Test
    void finishesTheWorkOfAClientThatVanishes() throws IOException {
        CountDownLatch begun = new CountDownLatch(20);
        CountDownLatch release = new CountDownLatch(1);
        AtomicInteger finished = new AtomicInteger();
        host =
                (request, progress) -> {
                    begun.countDown();
                    Reply reply = waitingFor(release).handle(request, progress);
                    progress.accept("nobody hears this");
                    finished.incrementAndGet();
                    return reply;
                };
        try (LoggedWarnings log = new LoggedWarnings()) {
            FrameClient client = FrameClient.greeted(agent);
            for (int i = 1; i <= 20; i++) {
                client.call(i, numbered(i));
            }
            assertThat(awaitZero(begun)).isTrue();
            client.vanish();
            await().until(() -> threads("agent-reader-").isEmpty());
            release.countDown();

            await().until(() -> finished.get() == 20);
            assertThat(log.lines()).isEmpty();
        }
    }

    @Test
    @Tag("slow")
    void finishesTheWorkOfAClientThatStopsReading() throws IOException {
        AtomicInteger finished = new AtomicInteger();
        host =
                (request, progress) -> {
                    for (int i = 0; i < 100; i++) {
                        progress.accept("x".repeat(1_000_000));
                    }
                    finished.incrementAndGet();
                    return byNumber(request, progress);
                };
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(1, numbered(1));

            await().atMost(Duration.ofSeconds(30)).until(() -> finished.get() == 1);
            await().until(() -> threads("agent-reader-").isEmpty());
        }
    }

    @Test
    void refusesMoreCallsThanItCanHold() throws IOException {
        CountDownLatch release = new CountDownLatch(1);
        host = waitingFor(release);
        try (FrameClient client = FrameClient.greeted(agent)) {
            for (int i = 1; i <= Conversation.MAX_IN_FLIGHT + 1; i++) {
                client.call(i, numbered(i));
            }
            Frame refused = client.receive();

            assertThat(refused.id()).isEqualTo(Conversation.MAX_IN_FLIGHT + 1);
            assertThat(refused.reply().toString()).contains("wait for their answers");
            release.countDown();
            for (int i = 1; i <= Conversation.MAX_IN_FLIGHT; i++) {
                assertThat(client.reply()).isInstanceOf(Reply.Converged.class);
            }
        } finally {
            release.countDown();
        }
    }

    @Test
    void saysSoWhenAnAnswerIsTooLargeToSend() throws IOException {
        host = (request, progress) -> new Reply.Done("x".repeat(Frame.MAX_BODY));
        try (FrameClient client = FrameClient.greeted(agent)) {
            client.call(1, numbered(1));
            assertThat(client.reply().toString()).contains("FAILED", "cannot be sent", "limit");
        }
    }

    @Test
    void letsEveryoneGoWhenItCloses() throws IOException {
        FrameClient client = FrameClient.greeted(agent);
        agent.close();

        assertThat(client.rest()).isEmpty();
        assertThatThrownBy(() -> FrameClient.connect(agent)).isInstanceOf(Exception.class);
        client.close();
        agent = RunningAgent.start(Files.createDirectory(directory.resolve("again")), host);
    }

    private static RequestHandler waitingFor(CountDownLatch release) {
        return (request, progress) -> {
            awaitZero(release);
            return byNumber(request, progress);
        };
    }

    private static boolean awaitZero(CountDownLatch latch) {
        try {
            return latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static Frame call(long id, String body) {
        return new Frame(Frame.Kind.CALL, id, body.getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .toList();
    }
}
