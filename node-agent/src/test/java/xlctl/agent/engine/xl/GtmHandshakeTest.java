package xlctl.agent.engine.xl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
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
        try (FakeGtm gtm = new FakeGtm(FakeGtm.welcome(), FakeGtm.answer(answer))) {
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
        try (FakeGtm gtm = new FakeGtm(FakeGtm.error("invalid message format"))) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.OPENTENBASE_GTM, LONG))
                    .isInstanceOf(GtmHandshake.Refusal.class)
                    .hasMessage("it says: invalid message format");
        }
    }

    @Test
    void doesNotTakeAnotherKindOfServerForAGtm() throws Exception {
        try (FakeGtm http =
                new FakeGtm("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII))) {
            assertThatThrownBy(() -> GtmHandshake.with(http.address(), Peer.OPENTENBASE_GTM, LONG))
                    .isInstanceOf(GtmHandshake.Refusal.class)
                    .hasMessageContaining("no GTM");
        }
    }

    @Test
    void doesNotTakeAnotherEngineForItsOwn() throws Exception {
        try (FakeGtm gtm = new FakeGtm(FakeGtm.welcome(), FakeGtm.answer(21))) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.OPENTENBASE_GTM, LONG))
                    .isInstanceOf(GtmHandshake.Refusal.class)
                    .hasMessageContaining("not one of this engine's version");
        }
    }

    @Test
    void findsAServerThatClosesTheConnection() throws Exception {
        try (FakeGtm gtm = new FakeGtm(new byte[0])) {
            assertThatThrownBy(() -> GtmHandshake.with(gtm.address(), Peer.POSTGRES_XL_GTM, LONG))
                    .isNotInstanceOf(GtmHandshake.Refusal.class)
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
                    .isNotInstanceOf(GtmHandshake.Refusal.class)
                    .hasMessageContaining("timed out");
        }
    }
}
