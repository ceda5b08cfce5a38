package xlctl.agent.reach;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.Destination;
import xlctl.agent.api.Reply;

/** One connection to a destination, until it has greeted or failed. Never blocks. */
final class Contact {
    private static final Logger LOG = LoggerFactory.getLogger(Contact.class);

    private final Destination destination;
    private final long began = System.nanoTime();
    private final ByteBuffer heard = ByteBuffer.allocate(Greetings.MOST_BYTES);
    private final SocketChannel channel;
    private boolean connected;
    private Optional<Reply.Attempt> result = Optional.empty();

    /**
     * Begins to connect.
     *
     * @throws IOException when this host has no socket left
     */
    Contact(Destination destination, InetAddress address, Selector selector) throws IOException {
        this.destination = destination;
        this.channel = SocketChannel.open();
        try {
            channel.configureBlocking(false);
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT, this);
            if (channel.connect(
                    new InetSocketAddress(address, destination.address().port().value()))) {
                speak(key);
            }
        } catch (IOException e) {
            end(Optional.of(trouble(e)));
        }
    }

    /** Goes on after what the selector has seen. */
    void proceed(SelectionKey key) {
        try {
            if (key.isConnectable() && channel.finishConnect()) {
                speak(key);
            } else if (key.isReadable()) {
                boolean ended = channel.read(heard) < 0;
                judge(ended);
            }
        } catch (IOException e) {
            end(Optional.of(trouble(e)));
        }
    }

    /** A new connection takes these few bytes at once. */
    private void speak(SelectionKey key) throws IOException {
        connected = true;
        channel.write(ByteBuffer.wrap(Greetings.request(destination.greeting())));
        key.interestOps(SelectionKey.OP_READ);
        judge(false);
    }

    private void judge(boolean ended) {
        byte[] words = Arrays.copyOf(heard.array(), heard.position());
        Greetings.verdict(destination.greeting(), words, ended)
                .ifPresent(verdict -> end(verdict.trouble()));
    }

    /** Gives up, if it was begun too long ago. */
    void endIfOverdue(long now, Duration patience) {
        if (result.isEmpty() && now - began >= patience.toNanos()) {
            end(
                    Optional.of(
                            connected
                                    ? "it takes the connection and does not greet within "
                                            + text(patience)
                                    : "no answer within " + text(patience)));
        }
    }

    private void end(Optional<String> trouble) {
        result =
                Optional.of(
                        new Reply.Attempt(
                                destination.address(),
                                Duration.ofNanos(System.nanoTime() - began),
                                trouble));
        close();
    }

    /** Empty as long as it goes on. */
    Optional<Reply.Attempt> result() {
        return result;
    }

    long began() {
        return began;
    }

    void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("a connection that is not needed any more", e);
        }
    }

    private static String trouble(IOException e) {
        if (e instanceof ConnectException
                && String.valueOf(e.getMessage()).contains("Connection refused")) {
            return "connection refused: nothing listens there, or a firewall refuses it";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    static String text(Duration patience) {
        return patience.toMillis() % 1000 == 0
                ? patience.toSeconds() + " s"
                : patience.toMillis() + " ms";
    }
}
