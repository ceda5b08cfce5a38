package xlctl.agent;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.agent.api.RequestHandler;
import xlctl.agent.config.AgentConfig;
import xlctl.agent.config.HostCheck;
import xlctl.agent.health.HealthSocket;
import xlctl.agent.host.AgentHost;
import xlctl.agent.port.PortHolder;
import xlctl.agent.ssh.AgentSshServer;
import xlctl.agent.ssh.AuthorizedKeys;
import xlctl.agent.ssh.HostKey;
import xlctl.agent.ssh.KeyRequests;
import xlctl.agent.work.FencedHandler;
import xlctl.topology.HostPort;
import xlctl.topology.InvalidValueException;
import xlctl.topology.Problem;

/** A running agent: its parts, put together and taken apart in reverse order. */
final class Agent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final CompletableFuture<Problem> outdone = new CompletableFuture<>();

    private Agent() {}

    /**
     * Starts everything; needs no ZooKeeper, which is connected to in the background. No server is
     * touched before nothing stands in the way.
     */
    static Agent start(AgentConfig config, String version)
            throws IOException, StartRefusedException {
        requireNonNull(version, "version is null");
        List<Problem> problems = HostCheck.prepare(config);
        if (!problems.isEmpty()) {
            throw new StartRefusedException(StartRefusedException.REFUSED, problems);
        }
        Agent agent = new Agent();
        try {
            agent.startParts(config, version);
            return agent;
        } catch (IOException | StartRefusedException | RuntimeException e) {
            agent.close();
            throw e;
        }
    }

    private void startParts(AgentConfig config, String version)
            throws IOException, StartRefusedException {
        parts.push(DirectoryLock.ofState(config));
        for (Path root : config.dataRoots()) {
            parts.push(DirectoryLock.ofDataRoot(root, config));
        }
        HostKey hostKey = HostKey.loadOrCreate(config.stateDirectory());
        AgentHost host = host(config, version, hostKey);
        parts.push(host);
        CompletableFuture<RequestHandler> started = new CompletableFuture<>();
        HostPort listen = listenAddress(config);
        AuthorizedKeys keys = new AuthorizedKeys(config.authorizedKeys());
        FencedHandler handler =
                FencedHandler.open(
                        config.stateDirectory(),
                        new KeyRequests(
                                keys,
                                (request, progress) -> started.join().handle(request, progress)));
        parts.push(handler);
        parts.push(listen(config, listen, version, hostKey, keys, handler));
        host.start();
        started.complete(host.handler());
        var unused = host.outdone().thenAccept(outdone::complete);
        answerAboutHealth(config.stateDirectory(), host);
        parts.push(SmallHeap.keep());
        LOG.info(
                "agent {} of host {} in cluster {} listens on {}, process {}, host key {}",
                version,
                config.host(),
                config.cluster(),
                listen,
                ProcessHandle.current().pid(),
                hostKey.fingerprint());
    }

    /** Returns when another agent is at work as this host, and says which. */
    Problem awaitRival() throws InterruptedException {
        try {
            return outdone.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("it ends with a problem, never like this", e);
        }
    }

    /** A state directory deep down costs the answers only. */
    private void answerAboutHealth(Path stateDirectory, AgentHost host) {
        try {
            parts.push(HealthSocket.open(stateDirectory, host::failures));
        } catch (IOException e) {
            LOG.warn("questions about health are not answered: {}/health: {}", stateDirectory, e);
        }
    }

    private static AgentHost host(AgentConfig config, String version, HostKey hostKey)
            throws StartRefusedException {
        try {
            return new AgentHost(config, version, hostKey.openSsh());
        } catch (InvalidValueException e) {
            throw new StartRefusedException(
                    StartRefusedException.REFUSED, Problem.of(e.getMessage(), ""));
        }
    }

    private static HostPort listenAddress(AgentConfig config)
            throws IOException, StartRefusedException {
        return config.listenNetwork().isPresent()
                ? new HostPort(OwnAddress.in(config.listenNetwork().get()), config.listen().port())
                : config.listen();
    }

    private static AgentSshServer listen(
            AgentConfig config,
            HostPort listen,
            String version,
            HostKey hostKey,
            AuthorizedKeys keys,
            RequestHandler handler)
            throws IOException, StartRefusedException {
        try {
            return AgentSshServer.start(config, listen, version, hostKey, keys, handler);
        } catch (BindException | UnresolvedAddressException e) {
            throw new StartRefusedException(
                    StartRefusedException.UNREACHABLE, cannotListen(listen, e));
        }
    }

    private static Problem cannotListen(HostPort listen, Exception cause) throws IOException {
        if (cause instanceof UnresolvedAddressException) {
            return Problem.of(
                    "the name of the address to listen on, "
                            + listen.host()
                            + ", is not known here",
                    "set listen in the configuration to an address of this host");
        }
        String holder =
                PortHolder.find(InetAddress.getByName(listen.host().value()), listen.port().value())
                        .map(found -> ": it is taken by " + found)
                        .orElse(": " + cause.getMessage());
        return Problem.of(
                "the agent cannot listen on " + listen + holder,
                "stop what holds it, or set listen in the configuration to another");
    }

    /** Ends every part, each whatever became of the others. Servers are left to the host part. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            AutoCloseable part = parts.pop();
            try {
                part.close();
            } catch (Exception e) {
                LOG.warn("closing {}", part.getClass().getSimpleName(), e);
            }
        }
    }
}
