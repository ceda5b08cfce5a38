package xlctl.session;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.JSchHostKeyException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import xlctl.agent.api.AgentUnreachableException;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.HostRecord;
import xlctl.topology.ClusterName;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/** Opens channels to agents, and says in an operator's words why one cannot be opened. */
final class AgentDoor {
    private static final String USER = "xlctl";
    private static final int SIGNS_MISSED = 2;

    /** How many times the timeout of one part opening a connection may take altogether. */
    private static final int PARTS = 3;

    /** What whoever listens there did last, in words that follow a colon. */
    private enum Stage {
        CONNECTING("it accepts connections, but the SSH login was not finished"),
        LOGGED_IN("it accepted the SSH login, but opened no channel"),
        CHANNEL_OPEN("it opened a channel, but did not greet");

        private final String words;

        Stage(String words) {
            this.words = words;
        }
    }

    private final ClusterName cluster;
    private final Path privateKey;
    private final String client;
    private final Duration timeout;

    AgentDoor(ClusterName cluster, Path privateKey, String client, Duration timeout) {
        this.cluster = cluster;
        this.privateKey = privateKey;
        this.client = client;
        this.timeout = timeout;
    }

    /**
     * Connects, and sees that the agent is the one of this host and cluster.
     *
     * @throws AgentUnreachableException when any of that does not work
     */
    AgentChannel open(HostRecord record) {
        AgentChannel agent = connected(record);
        stranger(record, greeted(record, agent))
                .ifPresent(
                        problem -> {
                            agent.close();
                            throw new AgentUnreachableException(record.host(), problem, null);
                        });
        return agent;
    }

    /**
     * Whose agent answers, if it is not that of this host and cluster.
     *
     * @throws AgentUnreachableException when it does not let this controller in, or is not reached
     */
    Optional<Problem> stranger(HostRecord record) {
        try (AgentChannel agent = connected(record)) {
            return stranger(record, greeted(record, agent));
        }
    }

    private AgentChannel connected(HostRecord record) {
        OfferedKeys keys = OfferedKeys.accepting(record.hostKey());
        Line line = line();
        Stage stage = Stage.CONNECTING;
        try {
            Session session = session(record.agent(), keys, line);
            session.setConfig("server_host_key", algorithmsOf(record.hostKey()));
            session.connect(millis());
            stage = Stage.LOGGED_IN;
            session.setServerAliveInterval(Math.toIntExact(signOfLife().toMillis()));
            session.setServerAliveCountMax(SIGNS_MISSED);
            ChannelSubsystem channel = (ChannelSubsystem) session.openChannel("subsystem");
            channel.setSubsystem(Protocol.SUBSYSTEM);
            channel.setWantReply(true);
            InputStream in = channel.getInputStream();
            OutputStream out = channel.getOutputStream();
            connect(channel);
            Duration patience = signOfLife().multipliedBy(1L + SIGNS_MISSED);
            AgentChannel agent =
                    AgentChannel.over(record.host(), line, session, channel, in, out, patience);
            line.established();
            return agent;
        } catch (JSchException | IOException e) {
            line.close();
            throw new AgentUnreachableException(
                    record.host(), problem(record, keys, line, stage, e), e);
        }
    }

    /** JSch says the same of a channel that is refused and of one that is not heard of. */
    private void connect(ChannelSubsystem channel) throws JSchException {
        try {
            channel.connect(millis());
        } catch (JSchException e) {
            if (!channel.isClosed() && String.valueOf(e.getMessage()).contains("not opened")) {
                throw new JSchException("timeout of the channel", e);
            }
            throw e;
        }
    }

    private Line line() {
        return Line.within(timeout, timeout.multipliedBy(PARTS));
    }

    /** How often an agent that says nothing is asked for one; it may miss a few. */
    private Duration signOfLife() {
        return timeout.multipliedBy(2);
    }

    /**
     * The key that whoever listens there offers, in OpenSSH's public form. Nothing is sent to it.
     *
     * @throws AgentUnreachableException when nothing there speaks SSH
     */
    String offeredKey(HostName host, HostPort agent) {
        OfferedKeys keys = OfferedKeys.acceptingNone();
        try (Line line = line()) {
            try {
                session(agent, keys, line).connect(millis());
            } catch (JSchException e) {
                if (keys.offered().isEmpty()) {
                    throw new AgentUnreachableException(
                            host, problem(host, agent, line, Stage.CONNECTING, e), e);
                }
            }
        }
        return keys.offered().orElseThrow();
    }

    private Session session(HostPort agent, OfferedKeys keys, Line line) throws JSchException {
        JSch jsch = new JSch();
        jsch.addIdentity(privateKey.toString());
        Session session = jsch.getSession(USER, agent.host().value(), agent.port().value());
        session.setHostKeyRepository(keys);
        session.setConfig("StrictHostKeyChecking", "yes");
        session.setConfig("PreferredAuthentications", "publickey");
        // The one way in, and the one key: nothing is to be asked before it is shown.
        session.setConfig("enable_auth_none", "no");
        session.setConfig("enable_pubkey_auth_query", "no");
        SessionAlgorithms.applyTo(session);
        session.setSocketFactory(line);
        session.setDaemonThread(true);
        return session;
    }

    private Reply greeted(HostRecord record, AgentChannel agent) {
        try {
            return agent.call(Request.Hello.now(client), progress -> {})
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            agent.close();
            if (e.getCause() instanceof AgentUnreachableException unreachable) {
                throw unreachable;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            agent.close();
            throw new AgentUnreachableException(
                    record.host(),
                    silent(record.host(), record.agent(), timeout, ": " + Stage.CHANNEL_OPEN.words),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            agent.close();
            throw new AgentUnreachableException(
                    record.host(),
                    Problem.of("connecting to " + record.agent() + " was interrupted", "try again"),
                    e);
        }
    }

    private Optional<Problem> stranger(HostRecord record, Reply reply) {
        if (reply instanceof Reply.Failed failed) {
            return Optional.of(failed.problems().get(0));
        }
        if (!(reply instanceof Reply.Welcome welcome)) {
            return Optional.of(
                    Problem.of(
                            "the agent of host "
                                    + record.host()
                                    + " did not greet but answered with a "
                                    + reply.getClass().getSimpleName(),
                            "run the same version of xlctl and its agents"));
        }
        if (welcome.protocol() < Protocol.OLDEST || welcome.protocol() > Protocol.NEWEST) {
            return Optional.of(
                    Problem.of(
                            "the agent of host "
                                    + record.host()
                                    + " (xlctl "
                                    + welcome.agentVersion()
                                    + ") chose protocol version "
                                    + welcome.protocol()
                                    + ", which this program does not speak",
                            "bring the agent and the shell to releases that share a version"));
        }
        if (!welcome.cluster().equals(cluster) || !welcome.host().equals(record.host())) {
            return Optional.of(
                    Problem.of(
                            "the agent at "
                                    + record.agent()
                                    + " is that of host "
                                    + welcome.host()
                                    + " of cluster "
                                    + welcome.cluster()
                                    + ", not of host "
                                    + record.host()
                                    + " of cluster "
                                    + cluster,
                            "register the right address: host accept "
                                    + record.host()
                                    + " ADDRESS:PORT"));
        }
        return Optional.empty();
    }

    private Problem problem(
            HostRecord record, OfferedKeys keys, Line line, Stage stage, Exception e) {
        HostName host = record.host();
        if (e instanceof JSchHostKeyException && keys.offered().isPresent()) {
            return Problem.of(
                    "the agent of host "
                            + host
                            + " at "
                            + record.agent()
                            + " offers another SSH host key than the accepted one: accepted is "
                            + HostKeyFingerprint.of(record.hostKey())
                            + ", it offers "
                            + HostKeyFingerprint.of(keys.offered().get()),
                    "if the agent was installed anew: host accept "
                            + host
                            + "; if its volume was replaced, restore that");
        }
        return problem(host, record.agent(), line, stage, e);
    }

    private Problem problem(HostName host, HostPort agent, Line line, Stage stage, Exception e) {
        String what = "the agent of host " + host + " at " + agent;
        String text = String.valueOf(e.getMessage());
        if (caused(e, ConnectException.class)) {
            return Problem.of(
                    what + " is not reached: " + rootMessage(e), "start the agent on " + host);
        }
        String got = line.isConnected() ? ": " + stage.words : "";
        if (line.isOverdue()) {
            return silent(host, agent, timeout.multipliedBy(PARTS), got);
        }
        if (saysTimeout(e)) {
            return silent(host, agent, timeout, got);
        }
        if (caused(e, UnknownHostException.class)) {
            return Problem.of(
                    what + " is not found: the name " + agent.host() + " has no address",
                    "correct it with: host accept " + host + " ADDRESS:PORT");
        }
        if (text.startsWith("Auth ")) {
            return Problem.of(
                    what + " refuses the SSH key " + privateKey,
                    "add its public half to the agent's authorized keys file");
        }
        return Problem.of(
                what + " is not reached: " + text, "see whether an agent of xlctl listens there");
    }

    private static boolean saysTimeout(Exception e) {
        String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
        return caused(e, SocketTimeoutException.class)
                || text.contains("timeout")
                || text.contains("timed out");
    }

    private static Problem silent(HostName host, HostPort agent, Duration limit, String got) {
        return Problem.of(
                "the agent of host "
                        + host
                        + " at "
                        + agent
                        + " did not answer within "
                        + limit.toSeconds()
                        + " s"
                        + got,
                got.isEmpty()
                        ? "see whether the host and its agent run"
                        : "see on "
                                + host
                                + " whether its agent hangs, and if so end it and start it again:"
                                + " its servers go on meanwhile");
    }

    private static boolean caused(Throwable e, Class<? extends Throwable> type) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    /** A key of the type {@code ssh-rsa} signs under other names. */
    private static String algorithmsOf(String hostKey) {
        String type = hostKey.split(" ", 2)[0];
        return type.equals("ssh-rsa") ? "rsa-sha2-512,rsa-sha2-256" : type;
    }

    private int millis() {
        return Math.toIntExact(timeout.toMillis());
    }
}
