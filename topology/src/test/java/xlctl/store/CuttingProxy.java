package xlctl.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A TCP proxy on loopback that loses one request or its reply, and the connection with it. */
public final class CuttingProxy implements AutoCloseable {
    private enum Lost {
        REQUEST,
        REPLY
    }

    private record Cut(Lost lost, String marker) {}

    private final InetSocketAddress target;
    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicReference<Optional<Cut>> next = new AtomicReference<>(Optional.empty());
    private volatile boolean refusing;

    public CuttingProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start("proxy-accept", this::accept);
    }

    public String connectString() {
        return "127.0.0.1:" + listener.getLocalPort();
    }

    /** The next request that holds these letters never reaches the server. */
    public void loseRequest(String marker) {
        next.set(Optional.of(new Cut(Lost.REQUEST, marker)));
    }

    /** The next request that holds these letters is carried out, its reply never comes. */
    public void loseReply(String marker) {
        next.set(Optional.of(new Cut(Lost.REPLY, marker)));
    }

    /** Whether the request that was to be lost, or its reply, was. */
    public boolean hasCut() {
        return next.get().isEmpty();
    }

    /** Cuts all connections and refuses new ones until {@link #resume}. */
    public void interrupt() {
        refusing = true;
        sockets.forEach(CuttingProxy::closeQuietly);
    }

    public void resume() {
        refusing = false;
    }

    @Override
    public void close() throws IOException {
        listener.close();
        interrupt();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                if (refusing) {
                    client.close();
                    continue;
                }
                Socket server = new Socket();
                sockets.add(client);
                sockets.add(server);
                server.connect(target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                AtomicReference<Boolean> dropReplies = new AtomicReference<>(false);
                start("proxy-up", () -> carryRequests(client, server, dropReplies));
                start("proxy-down", () -> carryReplies(client, server, dropReplies));
            } catch (IOException e) {
                sockets.removeIf(Socket::isClosed);
            }
        }
    }

    private void carryRequests(Socket client, Socket server, AtomicReference<Boolean> dropReplies) {
        byte[] buffer = new byte[1 << 20];
        try (client;
                server) {
            InputStream in = client.getInputStream();
            OutputStream out = server.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                String text = new String(buffer, 0, read, StandardCharsets.ISO_8859_1);
                Optional<Cut> cut = next.get().filter(one -> text.contains(one.marker()));
                if (cut.isPresent()) {
                    if (cut.get().lost() == Lost.REQUEST) {
                        next.set(Optional.empty());
                        return;
                    }
                    dropReplies.set(true);
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private void carryReplies(Socket client, Socket server, AtomicReference<Boolean> dropReplies) {
        byte[] buffer = new byte[1 << 20];
        try (client;
                server) {
            InputStream in = server.getInputStream();
            OutputStream out = client.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (dropReplies.get()) {
                    next.set(Optional.empty());
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (IOException e) {
            sockets.removeIf(Socket::isClosed);
        }
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
