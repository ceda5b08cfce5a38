package xlctl.session;

import com.jcraft.jsch.SocketFactory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection, which sends small messages at once. Closing it frees whoever reads from it or
 * writes to it, which is the only way to end a wait in JSch: its own ways write before they close.
 * Thread-safe.
 */
final class Line implements SocketFactory, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Line.class);

    private final Duration connectTimeout;
    private Optional<Socket> socket = Optional.empty();
    private boolean established;
    private boolean closed;
    private boolean overdue;

    private Line(Duration connectTimeout) {
        this.connectTimeout = connectTimeout;
    }

    /**
     * A line that is not connected yet.
     *
     * @param connectTimeout for the TCP connection alone
     * @param limit after which it is closed, unless it is {@link #established} by then: a peer that
     *     sends a byte now and then would hold up every timeout of single reads
     */
    static Line within(Duration connectTimeout, Duration limit) {
        Line line = new Line(connectTimeout);
        CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS)
                .execute(line::endUnlessEstablished);
        return line;
    }

    /** From now on it stays open for as long as it is wanted. */
    synchronized void established() {
        established = true;
    }

    synchronized boolean isConnected() {
        return socket.isPresent();
    }

    /** Whether it was closed because it took too long to be established. */
    synchronized boolean isOverdue() {
        return overdue;
    }

    @Override
    public synchronized void close() {
        closed = true;
        socket.ifPresent(Line::close);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        Socket fresh = new Socket();
        try {
            fresh.setTcpNoDelay(true);
            fresh.connect(
                    new InetSocketAddress(host, port), Math.toIntExact(connectTimeout.toMillis()));
        } catch (IOException | RuntimeException e) {
            fresh.close();
            throw e;
        }
        synchronized (this) {
            socket = Optional.of(fresh);
            if (closed) {
                fresh.close();
            }
        }
        return fresh;
    }

    @Override
    public InputStream getInputStream(Socket socket) throws IOException {
        return socket.getInputStream();
    }

    @Override
    public OutputStream getOutputStream(Socket socket) throws IOException {
        return socket.getOutputStream();
    }

    private synchronized void endUnlessEstablished() {
        if (!established && !closed) {
            overdue = true;
            close();
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("closing {}", socket, e);
        }
    }
}
