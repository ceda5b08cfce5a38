package xlctl.agent.ssh;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.keyprovider.KeyPairProvider;
import org.apache.sshd.core.CoreModuleProperties;
import org.apache.sshd.server.SshServer;
import org.apache.sshd.server.auth.pubkey.UserAuthPublicKeyFactory;
import org.apache.sshd.server.channel.ChannelSession;
import org.apache.sshd.server.command.Command;
import org.apache.sshd.server.forward.RejectAllForwardingFilter;
import org.apache.sshd.server.subsystem.SubsystemFactory;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.config.AgentConfig;
import xlctl.topology.HostPort;

/**
 * Listens where the configuration says, and there only. Lets in who has an authorised key; offers
 * the subsystem {@link Protocol#SUBSYSTEM} and the words of {@link PersonCommand}, and no shell, no
 * file transfer, no forwarding, no password.
 */
public final class AgentSshServer implements AutoCloseable {
    /** Requests that are worked on at a time, over all connections; others wait. */
    static final int WORKERS = 64;

    private final SshServer sshd;
    private final ThreadPoolExecutor workers;

    private AgentSshServer(SshServer sshd, ThreadPoolExecutor workers) {
        this.sshd = sshd;
        this.workers = workers;
    }

    /**
     * Starts to listen.
     *
     * @param listen where
     * @param keys who may come in
     * @throws java.net.BindException when the address or port cannot be had
     */
    public static AgentSshServer start(
            AgentConfig config,
            HostPort listen,
            String version,
            HostKey hostKey,
            AuthorizedKeys keys,
            RequestHandler handler)
            throws IOException {
        return start(config, listen, version, hostKey, keys, handler, Keepalive.USUAL);
    }

    static AgentSshServer start(
            AgentConfig config,
            HostPort listen,
            String version,
            HostKey hostKey,
            AuthorizedKeys keys,
            RequestHandler handler,
            Keepalive keepalive)
            throws IOException {
        requireNonNull(handler, "handler is null");
        ThreadPoolExecutor workers = workers();
        AgentIdentity identity = new AgentIdentity(version, config.cluster(), config.host());
        SshServer sshd = SshServer.setUpDefaultServer();
        sshd.setHost(listen.host().value());
        sshd.setPort(listen.port().value());
        sshd.setKeyPairProvider(KeyPairProvider.wrap(hostKey.pair()));
        sshd.setUserAuthFactories(List.of(UserAuthPublicKeyFactory.INSTANCE));
        sshd.setPublickeyAuthenticator(keys);
        sshd.setPasswordAuthenticator(null);
        sshd.setKeyboardInteractiveAuthenticator(null);
        sshd.setHostBasedAuthenticator(null);
        sshd.setGSSAuthenticator(null);
        sshd.setShellFactory(null);
        sshd.setForwardingFilter(RejectAllForwardingFilter.INSTANCE);
        sshd.setAgentFactory(null);
        sshd.setSubsystemFactories(
                List.of(
                        new SubsystemFactory() {
                            @Override
                            public String getName() {
                                return Protocol.SUBSYSTEM;
                            }

                            @Override
                            public Command createSubsystem(ChannelSession channel) {
                                return new Conversation(identity, handler, workers);
                            }
                        }));
        sshd.setCommandFactory(
                (channel, words) -> new PersonCommand(words, identity, handler, workers));
        limits(sshd);
        keepalive.applyTo(sshd);
        try {
            sshd.start();
        } catch (IOException | RuntimeException e) {
            workers.shutdownNow();
            sshd.close(true);
            throw e;
        }
        return new AgentSshServer(sshd, workers);
    }

    private static void limits(SshServer sshd) {
        CoreModuleProperties.TCP_NODELAY.set(sshd, true);
        CoreModuleProperties.SOCKET_KEEPALIVE.set(sshd, true);
        CoreModuleProperties.SOCKET_REUSEADDR.set(sshd, true);
        CoreModuleProperties.NIO_WORKERS.set(sshd, 2);
        CoreModuleProperties.AUTH_TIMEOUT.set(sshd, Duration.ofSeconds(30));
        CoreModuleProperties.MAX_AUTH_REQUESTS.set(sshd, 10);
        CoreModuleProperties.MAX_CONCURRENT_CHANNELS.set(sshd, 16);
        CoreModuleProperties.DISCONNECT_TIMEOUT.set(sshd, Duration.ofSeconds(2));
        CoreModuleProperties.CHANNEL_CLOSE_TIMEOUT.set(sshd, Duration.ofSeconds(2));
        CoreModuleProperties.COMMAND_EXIT_TIMEOUT.set(sshd, Duration.ofSeconds(2));
        CoreModuleProperties.WAIT_FOR_SPACE_TIMEOUT.set(sshd, Duration.ofSeconds(10));
        CoreModuleProperties.SERVER_IDENTIFICATION.set(sshd, Protocol.SUBSYSTEM);
    }

    private static ThreadPoolExecutor workers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor workers =
                new ThreadPoolExecutor(
                        WORKERS,
                        WORKERS,
                        30,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(),
                        task -> {
                            Thread thread =
                                    new Thread(task, "agent-request-" + number.incrementAndGet());
                            thread.setDaemon(true);
                            return thread;
                        });
        workers.allowCoreThreadTimeOut(true);
        return workers;
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) sshd.getBoundAddresses().iterator().next();
    }

    int connections() {
        return sshd.getActiveSessions().size();
    }

    /**
     * Stops listening and closes every connection. Changes under way go on; their answers are lost.
     */
    @Override
    public void close() throws IOException {
        sshd.stop(true);
        workers.shutdownNow();
    }
}
