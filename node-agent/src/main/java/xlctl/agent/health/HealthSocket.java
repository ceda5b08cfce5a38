package xlctl.agent.health;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Unix-domain socket {@code health} in the agent's state directory: whoever connects is sent
 * one line, {@code ok} or what is wrong, whatever it says itself. Only the agent's user can.
 */
public final class HealthSocket implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HealthSocket.class);

    private final Path file;
    private final ServerSocketChannel socket;
    private final Supplier<List<String>> failures;
    private final Thread thread = new Thread(this::serve, "xlctl-health");

    private HealthSocket(Path file, ServerSocketChannel socket, Supplier<List<String>> failures) {
        this.file = file;
        this.socket = socket;
        this.failures = failures;
        thread.setDaemon(true);
    }

    /**
     * Begins to answer. A socket left by an agent that was killed is replaced: the caller holds the
     * state directory's lock.
     *
     * @param failures which parts of the agent have ended that should be at work; asked each time,
     *     must not block
     * @throws IOException also when the path is too long for a socket, 107 bytes in Linux
     */
    public static HealthSocket open(Path stateDirectory, Supplier<List<String>> failures)
            throws IOException {
        requireNonNull(failures, "failures is null");
        Path file = stateDirectory.resolve("health");
        Files.deleteIfExists(file);
        ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            socket.bind(UnixDomainSocketAddress.of(file));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            socket.close();
            throw e;
        }
        HealthSocket health = new HealthSocket(file, socket, failures);
        health.thread.start();
        return health;
    }

    private void serve() {
        try {
            while (socket.isOpen()) {
                serveNext();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void serveNext() throws InterruptedException {
        try (SocketChannel asker = socket.accept()) {
            tell(asker);
        } catch (ClosedChannelException closing) {
            LOG.debug("the health socket is closed");
        } catch (IOException e) {
            LOG.warn("a question about health cannot be taken", e);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    /** Never waits for one who asks and does not listen. */
    private void tell(SocketChannel asker) {
        try {
            asker.configureBlocking(false);
            asker.write(ByteBuffer.wrap(answer().getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            LOG.debug("someone asked about health and left", e);
        }
    }

    private String answer() {
        List<String> found = failures.get();
        return found.isEmpty() ? "ok\n" : "not at work: " + String.join(", ", found) + "\n";
    }

    @Override
    public void close() throws IOException {
        socket.close();
        Files.deleteIfExists(file);
    }
}
