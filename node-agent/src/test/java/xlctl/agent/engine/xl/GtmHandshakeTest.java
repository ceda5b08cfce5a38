package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xlctl.agent.engine.xl.GtmHandshake.Peer;

class GtmHandshakeTest {
    private static final Duration LONG = Duration.ofSeconds(10);

    @ParameterizedTest
    @CsvSource({
        "POSTGRES_XL_GTM, 76, 35, 21",
        "POSTGRES_XL_PROXY, 76, 38, 24",
        "OPENTENBASE_GTM, 80, 42, 28"
    })
    void opensAsksOnceAndSaysGoodbye(Peer peer, int startupBytes, int request, int answer)
            throws Exception {
        try (FakeGtm gtm = new FakeGtm(welcome(), answer(answer))) {
            GtmHandshake.with(gtm.address(), peer, LONG);

            ByteBuffer said = gtm.heard();
            assertThat((char) said.get()).isEqualTo('A');
            assertThat(said.getInt()).isEqualTo(4 + startupBytes);
            byte[] startup = new byte[startupBytes];
            said.get(startup);
            assertThat(new String(startup, 0, 64, StandardCharsets.US_ASCII).trim())
                    .isEqualTo("xlctl");
            assertThat(ByteBuffer.wrap(startup).order(ByteOrder.nativeOrder()).getInt(64))
                    .isEqualTo(6);
            assertThat((char) said.get()).isEqualTo('C');
            int length = said.getInt();
            assertThat(said.getInt()).isEqualTo(request);
            said.position(said.position() + length - 8);
            assertThat((char) said.get()).isEqualTo('X');
            assertThat(said.getInt()).isEqualTo(4);
            assertThat(said.hasRemaining()).isFalse();
        }
    }

    @Test
    void asksAProxyForASnapshotOfOneTransaction() {
        assertThat(GtmHandshake.request(Peer.POSTGRES_XL_PROXY))
                .containsExactly('C', 0, 0, 0, 16, 0, 0, 0, 38, 0, 0, 0, 1, 0, 0, 0, 0);
    }

    @Test
    void passesOnWhatTheServerSays() throws Exception {
        byte[] error = "SFATAL\0Minvalid message format\0\0".getBytes(StandardCharsets.US_ASCII);
        try (FakeGtm gtm = new FakeGtm(packet('E', error))) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.OPENTENBASE_GTM, LONG))
                    .isInstanceOf(IOException.class)
                    .hasMessage("it says: invalid message format");
        }
    }

    @Test
    void doesNotTakeAnotherKindOfServerForAGtm() throws Exception {
        try (FakeGtm http =
                new FakeGtm("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> GtmHandshake.with(http.address(), Peer.OPENTENBASE_GTM, LONG))
                    .hasMessageContaining("no GTM");
        }
    }

    @Test
    void doesNotTakeAnotherEngineForItsOwn() throws Exception {
        try (FakeGtm gtm = new FakeGtm(welcome(), answer(21))) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.OPENTENBASE_GTM, LONG))
                    .hasMessageContaining("not one of this engine's version");
        }
    }

    @Test
    void findsAServerThatClosesTheConnection() throws Exception {
        try (FakeGtm gtm = new FakeGtm(new byte[0])) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.POSTGRES_XL_GTM, LONG))
                    .hasMessageContaining("closed the connection");
        }
    }

    @Test
    void doesNotWaitForeverForAServerThatSaysNothing() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(
                            () ->
                                    GtmHandshake.with(
                                            new InetSocketAddress(
                                                    mute.getInetAddress(), mute.getLocalPort()),
                                            Peer.POSTGRES_XL_GTM,
                                            Duration.ofMillis(200)))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("timed out");
        }
    }

    private static byte[] welcome() {
        return packet('R', new byte[4]);
    }

    private static byte[] answer(int number) {
        return packet('S', ByteBuffer.allocate(8).putInt(number).putInt(2000).array());
    }

    private static byte[] packet(char type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    /** Answers each packet with the next of its answers, and hears until the client is done. */
    private static final class FakeGtm implements AutoCloseable {
        private final ServerSocket server =
                new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        private final CompletableFuture<byte[]> heard = new CompletableFuture<>();

        FakeGtm(byte[]... answers) throws IOException {
            Thread thread = new Thread(() -> serve(answers));
            thread.setDaemon(true);
            thread.start();
        }

        InetSocketAddress address() {
            return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
        }

        ByteBuffer heard() throws Exception {
            return ByteBuffer.wrap(heard.get(10, TimeUnit.SECONDS));
        }

        private void serve(byte[]... answers) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            try (Socket client = server.accept()) {
                DataInputStream in = new DataInputStream(client.getInputStream());
                for (byte[] answer : answers) {
                    packet(in).ifPresent(all::writeBytes);
                    client.getOutputStream().write(answer);
                }
                if (answers[answers.length - 1].length > 0) {
                    all.writeBytes(in.readAllBytes());
                }
                heard.complete(all.toByteArray());
            } catch (IOException e) {
                heard.completeExceptionally(e);
            }
        }

        private static Optional<byte[]> packet(DataInputStream in) throws IOException {
            byte type = in.readByte();
            int length = in.readInt();
            byte[] body = in.readNBytes(length - 4);
            return Optional.of(
                    ByteBuffer.allocate(5 + body.length)
                            .put(type)
                            .putInt(length)
                            .put(body)
                            .array());
        }

        @Override
        public void close() throws IOException {
            server.close();
        }
    }
}
