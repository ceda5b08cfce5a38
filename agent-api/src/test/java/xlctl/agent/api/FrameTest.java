package xlctl.agent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.json.JsonException;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.InstanceName;
import xlctl.topology.Problem;
import xlctl.topology.Secret;
import xlctl.topology.ServerRole;
import xlctl.topology.SqlName;

class FrameTest {
    private static final InstanceName INSTANCE = InstanceName.parse("coord_m_1.1");
    private static final StepKey KEY = new StepKey(7, 1, 3);
    private static final HostPort ADDRESS = HostPort.parse("127.0.1.3:5432");

    static Stream<Request> requests() {
        return Stream.of(
                Request.Hello.now("xlctl of alice"),
                new Request.Inspect(),
                new Request.ListUserTables(INSTANCE),
                new Request.AwaitConvergence(12, Duration.ofMillis(1500)),
                new Request.Start(KEY, INSTANCE, 4, Duration.ofSeconds(270)),
                new Request.Stop(KEY, INSTANCE, StopMode.FAST, Duration.ofSeconds(60)),
                new Request.Kill(KEY, INSTANCE),
                new Request.Discard(KEY, INSTANCE, Disposal.ERASE),
                new Request.CreateDatabase(
                        KEY, INSTANCE, new SqlName("Größe \"; x"), new SqlName("app")),
                new Request.OpenDatabase(KEY, INSTANCE, new SqlName("shop")),
                new Request.DropDatabase(KEY, INSTANCE, new SqlName("shop")),
                new Request.CreateRole(
                        KEY,
                        INSTANCE,
                        new SqlName("alice"),
                        Set.of(RolePower.CREATEDB, RolePower.CREATEROLE),
                        new PasswordVerifier("md5" + "0".repeat(32))),
                new Request.TakeSecrets(
                        KEY,
                        INSTANCE,
                        new InstanceSecrets(
                                new Secret("a"),
                                Map.of(ServerRole.INTERNAL_2, new Secret("b")),
                                Map.of(
                                        ServerRole.MONITOR_2,
                                        new PasswordVerifier("md5" + "0".repeat(32)))),
                        Map.of(ServerRole.INTERNAL, new Secret("c"))),
                new Request.Reach(
                        Stream.of(Greeting.values())
                                .map(greeting -> new Destination(ADDRESS, greeting))
                                .toList(),
                        Duration.ofSeconds(1)));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void carriesRequestsThereAndBack(Request request) throws IOException {
        Frame read = read(bytes(Frame.call(42, request))).orElseThrow();

        assertThat(read.kind()).isEqualTo(Frame.Kind.CALL);
        assertThat(read.id()).isEqualTo(42);
        assertThat(read.request()).isEqualTo(request);
    }

    static Stream<Reply> replies() {
        return Stream.of(
                new Reply.Welcome(1, "0.1", new ClusterName("c"), new HostName("127.0.1.2")),
                new Reply.PlaceReport(List.of(Problem.of("port 5432 is taken", "choose another"))),
                new Reply.Converged(12),
                new Reply.Converged(12, Optional.of(List.of(Problem.of("used", "drop it")))),
                new Reply.Reached(
                        List.of(
                                new Reply.Attempt(
                                        ADDRESS, Duration.ofNanos(412_345), Optional.empty()),
                                new Reply.Attempt(
                                        ADDRESS,
                                        Duration.ofSeconds(1),
                                        Optional.of("no answer within 1 s")))),
                new Reply.Done("started"),
                Reply.Failed.refused("no", "ask again"));
    }

    @ParameterizedTest
    @MethodSource("replies")
    void carriesRepliesThereAndBack(Reply reply) throws IOException {
        Frame read = read(bytes(Frame.answer(-1, reply))).orElseThrow();

        assertThat(read.kind()).isEqualTo(Frame.Kind.ANSWER);
        assertThat(read.id()).isEqualTo(-1);
        assertThat(read.reply()).isEqualTo(reply);
    }

    @Test
    void nothingIsReachedInNoTime() {
        assertThatThrownBy(() -> new Request.Reach(List.of(), Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("patience");
    }

    @Test
    void whatANewerAgentAnswersMoreIsLeftOut() {
        Frame answer =
                new Frame(
                        Frame.Kind.ANSWER,
                        7,
                        "{\"type\":\"Converged\",\"topologyVersion\":3,\"mood\":{\"good\":true}}"
                                .getBytes(UTF_8));

        assertThat(answer.reply()).isEqualTo(new Reply.Converged(3));
    }

    @Test
    void isExactlyTheseBytes() throws IOException {
        assertThat(hex(bytes(Frame.progress(258, "añb"))))
                .isEqualTo("0000000d" + "03" + "0000000000000102" + "61c3b162");
        assertThat(hex(bytes(Frame.call(1, new Request.Inspect()))))
                .isEqualTo("0000001b" + "01" + "0000000000000001" + hex("{\"type\":\"Inspect\"}"));
    }

    @Test
    void readsOneAfterTheOtherToTheEnd() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Frame.progress(1, "").writeTo(out);
        Frame.progress(2, "x").writeTo(out);
        InputStream in = new ByteArrayInputStream(out.toByteArray());

        assertThat(Frame.readFrom(in).orElseThrow().text()).isEmpty();
        assertThat(Frame.readFrom(in).orElseThrow().text()).isEqualTo("x");
        assertThat(Frame.readFrom(in)).isEmpty();
        assertThat(Frame.readFrom(in)).isEmpty();
    }

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("length 0", "00000000"),
                arguments("length 8, shorter than a head", "00000008"),
                arguments("length one over the limit", "0080000a" + "01" + "0000000000000001"),
                arguments("length 2 GB", "7fffffff" + "01" + "0000000000000001"),
                arguments("length -1", "ffffffff" + "01"),
                arguments("length -2^31", "80000000"),
                arguments("kind 0", "00000009" + "00" + "0000000000000001"),
                arguments("kind 4", "00000009" + "04" + "0000000000000001"),
                arguments("kind 255", "00000009" + "ff" + "0000000000000001"),
                arguments("the start of an HTTP request", hex("GET / HTTP/1.1\r\n")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("malformed")
    void refusesWhatIsNoFrame(String name, String bytes) {
        assertThatExceptionOfType(Frame.MalformedFrameException.class)
                .isThrownBy(() -> read(HexFormat.of().parseHex(bytes)));
    }

    static Stream<String> truncated() {
        String whole = "0000000d" + "03" + "0000000000000102" + "61c3b162";
        return Stream.iterate(2, end -> end < whole.length(), end -> end + 2)
                .map(end -> whole.substring(0, end));
    }

    @ParameterizedTest
    @MethodSource("truncated")
    void tellsAnEndInsideAFrameFromOneBetweenFrames(String bytes) {
        assertThatExceptionOfType(EOFException.class)
                .isThrownBy(() -> read(HexFormat.of().parseHex(bytes)));
    }

    @Test
    void readsNoBodyThatIsAnnouncedTooLarge() {
        ByteArrayInputStream in =
                new ByteArrayInputStream(
                        HexFormat.of().parseHex("7fffffff" + "01" + "0000000000000001" + "00"));

        assertThatThrownBy(() -> Frame.readFrom(in)).hasMessageContaining("2147483647");
        assertThat(in.available()).as("bytes left unread").isEqualTo(10);
    }

    @Test
    void keepsTheIdOfARequestItDoesNotKnow() throws IOException {
        Frame frame =
                new Frame(
                        Frame.Kind.CALL,
                        99,
                        "{\"type\":\"Levitate\"}".getBytes(StandardCharsets.UTF_8));

        Frame read = read(bytes(frame)).orElseThrow();

        assertThat(read.id()).isEqualTo(99);
        assertThatThrownBy(read::request)
                .isInstanceOf(JsonException.class)
                .hasMessageContaining("Levitate");
    }

    @Test
    void hasABodyOfLimitedSize() {
        assertThatThrownBy(() -> new Frame(Frame.Kind.CALL, 1, new byte[Frame.MAX_BODY + 1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("limit");
    }

    @Test
    void carriesTheLargestBody() throws IOException {
        Frame largest = new Frame(Frame.Kind.ANSWER, 1, new byte[Frame.MAX_BODY]);

        assertThat(read(bytes(largest)).orElseThrow().body()).hasSize(Frame.MAX_BODY);
    }

    private static byte[] bytes(Frame frame) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        frame.writeTo(out);
        return out.toByteArray();
    }

    private static Optional<Frame> read(byte[] bytes) throws IOException {
        return Frame.readFrom(new ByteArrayInputStream(bytes));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
