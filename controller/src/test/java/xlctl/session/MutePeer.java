package xlctl.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Accepts TCP connections on loopback and says little on them, for ever. */
public final class MutePeer implements AutoCloseable {
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);

    private MutePeer(String first) throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        threads.execute(() -> accept(first));
    }

    public static MutePeer sayingNothing() throws IOException {
        return new MutePeer("");
    }

    /** And nothing after it. */
    public static MutePeer speakingTheBanner() throws IOException {
        return new MutePeer("SSH-2.0-mute\r\n");
    }

    /** Lines before the banner, which SSH allows, a letter at a time. */
    public static MutePeer dribbling(Duration pause) throws IOException {
        MutePeer peer = new MutePeer("");
        peer.threads.execute(() -> peer.dribble(pause));
        return peer;
    }

    public int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        threads.shutdownNow();
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept(String first) {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                say(socket, first);
                sockets.add(socket);
            } catch (IOException e) {
                sockets.removeIf(Socket::isClosed);
            }
        }
    }

    private void dribble(Duration pause) {
        try {
            while (!closed.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                sockets.forEach(socket -> say(socket, "x"));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(US_ASCII));
        } catch (IOException e) {
            sockets.remove(socket);
        }
    }
}
