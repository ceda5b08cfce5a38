package xlctl.agent.reach;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Greeting;
import xlctl.agent.api.Reply;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Port;

class AttemptsTest {
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final String ADDRESS = "127.0.9.3";

    private final List<AutoCloseable> opened = Collections.synchronizedList(new ArrayList<>());

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : List.copyOf(opened)) {
            each.close();
        }
    }

    @Test
    void reachesWhoGreets() throws Exception {
        HostPort agent = answering(0, "SSH-2.0-xlctl\r\n");
        HostPort server = answering(8, "S");

        assertThat(
                        troubles(
                                new Destination(agent, Greeting.SSH),
                                new Destination(server, Greeting.POSTGRESQL),
                                new Destination(server, Greeting.POSTGRESQL_BEFORE_12)))
                .containsExactly(Optional.empty(), Optional.empty(), Optional.empty());
    }

    @Test
    void aConnectionAloneIsNoProofThatAProcessIsNotFrozen() throws Exception {
        HostPort frozen = address(listening(50));

        assertThat(
                        troubles(
                                new Destination(frozen, Greeting.SSH),
                                new Destination(frozen, Greeting.POSTGRESQL),
                                new Destination(frozen, Greeting.CONNECTION)))
                .containsExactly(
                        Optional.of("it takes the connection and does not greet within 400 ms"),
                        Optional.of("it takes the connection and does not greet within 400 ms"),
                        Optional.empty());
    }

    @Test
    void saysThatNothingListens() throws Exception {
        HostPort closed;
        try (ServerSocket socket = listening(1)) {
            closed = address(socket);
        }

        assertThat(troubles(new Destination(closed, Greeting.POSTGRESQL)))
                .containsExactly(
                        Optional.of(
                                "connection refused: nothing listens there, or a firewall refuses it"));
    }

    @Test
    void namesWhatIsNoGreeting() throws Exception {
        HostPort web = answering(0, "HTTP/1.1 400 Bad Request\r\n");

        assertThat(troubles(new Destination(web, Greeting.SSH)))
                .containsExactly(
                        Optional.of(
                                "what answers there is no agent: it says \"HTTP/1.1 400 Bad"
                                        + " Request\""));
    }

    @Test
    void saysThatAConnectionIsClosed() throws Exception {
        assertThat(troubles(new Destination(answering(0, ""), Greeting.SSH)))
                .containsExactly(Optional.of("it takes the connection and closes it"));
    }

    @Test
    void waitsForManySilentOnesTogether() throws Exception {
        List<Reply.Attempt> attempts = Attempts.at(silent(200), PATIENCE);

        assertThat(attempts)
                .hasSize(200)
                .extracting(Reply.Attempt::trouble)
                .containsOnly(Optional.of("no answer within 400 ms"));
        assertThat(attempts.get(0).took()).isGreaterThanOrEqualTo(PATIENCE);
    }

    @Test
    void leavesOutWhatItWouldTryTooLate() throws Exception {
        List<Reply.Attempt> attempts = Attempts.at(silent(600), PATIENCE);

        assertThat(attempts).hasSize(600);
        assertThat(attempts.get(0).trouble()).contains("no answer within 400 ms");
        assertThat(attempts.get(599).trouble())
                .contains("not tried: too many others do not answer");
    }

    private List<Destination> silent(int count) throws IOException {
        return Collections.nCopies(count, new Destination(neverAccepting(), Greeting.CONNECTION));
    }

    @Test
    void answersForEachInTheirOrderThoughSomeFailAtOnce() throws Exception {
        HostPort mute = address(listening(50));
        HostPort greeting = answering(0, "SSH-2.0-xlctl\r\n");

        List<Reply.Attempt> attempts =
                Attempts.at(
                        List.of(
                                new Destination(mute, Greeting.SSH),
                                new Destination(greeting, Greeting.SSH)),
                        PATIENCE);

        assertThat(attempts).extracting(Reply.Attempt::address).containsExactly(mute, greeting);
        assertThat(attempts.get(1).took()).isLessThan(PATIENCE);
    }

    @Test
    void namesAHostWithoutAnAddress() throws Exception {
        assertThat(troubles(new Destination(HostPort.parse("nowhere.invalid:5432"), Greeting.SSH)))
                .allSatisfy(
                        trouble ->
                                assertThat(trouble.orElseThrow())
                                        .startsWith("the name nowhere.invalid "));
    }

    @Test
    void endsWithAnInterruption() throws Exception {
        List<Destination> silent = silent(1);
        Thread.currentThread().interrupt();

        assertThatThrownBy(() -> Attempts.at(silent, Duration.ofMinutes(1)))
                .isInstanceOf(InterruptedException.class);
    }

    @Test
    void isDoneAtOnceWithNothing() throws Exception {
        assertThat(Attempts.at(List.of(), PATIENCE)).isEmpty();
    }

    private static List<Optional<String>> troubles(Destination... destinations) throws Exception {
        return Attempts.at(List.of(destinations), PATIENCE).stream()
                .map(Reply.Attempt::trouble)
                .toList();
    }

    /** Says something to each who comes, once it has heard so many bytes, and leaves. */
    private HostPort answering(int bytes, String words) throws IOException {
        ServerSocket socket = listening(50);
        Thread server = new Thread(() -> answer(socket, bytes, words), "answering");
        server.setDaemon(true);
        server.start();
        return address(socket);
    }

    private static void answer(ServerSocket socket, int bytes, String words) {
        while (!socket.isClosed()) {
            try (Socket guest = socket.accept()) {
                guest.getInputStream().readNBytes(bytes);
                guest.getOutputStream().write(words.getBytes(ISO_8859_1));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    /** Its queue of connections is full, so that the kernel answers no more of them. */
    private HostPort neverAccepting() throws IOException {
        ServerSocket socket = listening(1);
        InetSocketAddress address = (InetSocketAddress) socket.getLocalSocketAddress();
        boolean taken = true;
        while (taken) {
            Socket guest = new Socket();
            opened.add(guest);
            try {
                guest.connect(address, 300);
            } catch (IOException full) {
                taken = false;
            }
        }
        return address(socket);
    }

    private ServerSocket listening(int backlog) throws IOException {
        ServerSocket socket = new ServerSocket(0, backlog, InetAddress.getByName(ADDRESS));
        opened.add(socket);
        return socket;
    }

    private static HostPort address(ServerSocket socket) {
        return new HostPort(new HostName(ADDRESS), new Port(socket.getLocalPort()));
    }
}
