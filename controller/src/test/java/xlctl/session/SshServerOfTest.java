package xlctl.session;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.channel.Channel;
import org.apache.sshd.common.config.keys.KeyUtils;
import org.apache.sshd.common.config.keys.PublicKeyEntry;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.Environment;
import org.apache.sshd.server.ExitCallback;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.channel.ChannelSessionFactory;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import xlctl.agent.api.Frame;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.RequestHandler;

/** A real SSH server on loopback that speaks the agents' protocol. */
public final class SshServerOfTest implements AutoCloseable {
    private final RequestHandler handler;
    private final KeyPair hostKey;
    private final AtomicInteger channels = new AtomicInteger();
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean acceptingClients = true;
    private volatile Optional<String> only = Optional.empty();
    private volatile boolean reading = true;
    private SshServer sshd;
    private int port;

    public SshServerOfTest(RequestHandler handler) throws IOException, GeneralSecurityException {
        this.handler = handler;
        this.hostKey = KeyUtils.generateKeyPair(KeyPairProvider.SSH_ED25519, 256);
        start();
    }

    void start() throws IOException {
        sshd = SshServer.setUpDefaultServer();
        sshd.setHost("127.0.0.1");
        sshd.setPort(port);
        sshd.setKeyPairProvider(KeyPairProvider.wrap(hostKey));
        sshd.setPublickeyAuthenticator(
                (user, key, session) ->
                        acceptingClients
                                && only.map(PublicKeyEntry.toString(key)::equals).orElse(true));
        sshd.setSubsystemFactories(List.of(new Subsystem()));
        CoreModuleProperties.TCP_NODELAY.set(sshd, true);
        CoreModuleProperties.SOCKET_REUSEADDR.set(sshd, true);
        sshd.start();
        port = sshd.getPort();
    }

    void stop() throws IOException {
        sshd.stop(true);
    }

    void acceptNoClients() {
        acceptingClients = false;
    }

    /** Lets in who has this key, in OpenSSH's public form. */
    void acceptOnly(String key) {
        only = Optional.of(key);
    }

    /** Lets clients log in, and answers nothing that they ask for then. */
    void openNoChannels() {
        sshd.setChannelFactories(
                List.of(
                        new ChannelSessionFactory() {
                            @Override
                            public Channel createChannel(Session session) {
                                awaitEnd();
                                throw new IllegalStateException("the test is over");
                            }
                        }));
    }

    /** Opens channels, and reads nothing from them. */
    void readNothing() {
        reading = false;
    }

    private void awaitEnd() {
        try {
            ended.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int port() {
        return port;
    }

    /** How many channels were opened so far. */
    int channels() {
        return channels.get();
    }

    public String hostKey() {
        return PublicKeyEntry.toString(hostKey.getPublic());
    }

    @Override
    public void close() throws IOException {
        ended.countDown();
        stop();
        threads.shutdownNow();
    }

    private final class Subsystem implements SubsystemFactory {
        @Override
        public String getName() {
            return Protocol.SUBSYSTEM;
        }

        @Override
        public Command createSubsystem(ChannelSession channel) {
            channels.incrementAndGet();
            return new Conversation();
        }
    }

    private final class Conversation implements Command {
        private InputStream in;
        private OutputStream out;
        private ExitCallback exit;

        @Override
        public void start(ChannelSession channel, Environment environment) {
            threads.execute(this::converse);
        }

        private void converse() {
            try {
                Optional<Frame> frame = Frame.readFrom(in);
                while (frame.isPresent()) {
                    Frame call = frame.get();
                    threads.execute(() -> answer(call));
                    if (!reading) {
                        awaitEnd();
                    }
                    frame = Frame.readFrom(in);
                }
                exit.onExit(0);
            } catch (IOException e) {
                exit.onExit(1);
            }
        }

        private void answer(Frame call) {
            write(
                    Frame.answer(
                            call.id(),
                            handler.handle(
                                    call.request(),
                                    text -> write(Frame.progress(call.id(), text)))));
        }

        private synchronized void write(Frame frame) {
            try {
                frame.writeTo(out);
            } catch (IOException e) {
                exit.onExit(1);
            }
        }

        @Override
        public void setInputStream(InputStream stream) {
            in = stream;
        }

        @Override
        public void setOutputStream(OutputStream stream) {
            out = stream;
        }

        @Override
        public void setErrorStream(OutputStream stream) {}

        @Override
        public void setExitCallback(ExitCallback callback) {
            exit = callback;
        }

        @Override
        public void destroy(ChannelSession channel) {}
    }
}
