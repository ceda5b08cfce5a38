package xlctl.agent.engine.xl;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Answers each packet with the next of its answers, and hears until the client is done. */
final class FakeGtm implements AutoCloseable {
    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final CompletableFuture<byte[]> heard = new CompletableFuture<>();

    FakeGtm(byte[]... answers) throws IOException {
        Thread thread = new Thread(() -> serve(answers));
        thread.setDaemon(true);
        thread.start();
    }

    static byte[] welcome() {
        return packet('R', new byte[4]);
    }

    static byte[] answer(int number) {
        return packet('S', ByteBuffer.allocate(8).putInt(number).putInt(2000).array());
    }

    private static byte[] packet(char type, byte[] body) {
        return ByteBuffer.allocate(5 + body.length)
                .put((byte) type)
                .putInt(4 + body.length)
                .put(body)
                .array();
    }

    static byte[] error(String message) {
        return packet('E', ("SFATAL\0M" + message + "\0\0").getBytes(StandardCharsets.US_ASCII));
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
                ByteBuffer.allocate(5 + body.length).put(type).putInt(length).put(body).array());
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
