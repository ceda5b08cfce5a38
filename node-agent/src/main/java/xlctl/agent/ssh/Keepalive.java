package xlctl.agent.ssh;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.common.AttributeRepository.AttributeKey;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.ReservedSessionMessagesHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.session.SessionHeartbeatController.HeartbeatType;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.server.SshServer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks every client for a sign of life, which every SSH client gives by itself, and closes the
 * connection of one that gives none: a client that sits at its prompt stays, one that is gone does
 * not. MINA's own idle limit cannot tell them apart, since it also counts what the server sends.
 */
final class Keepalive implements ReservedSessionMessagesHandler {
    static final Keepalive USUAL = new Keepalive(Duration.ofSeconds(20));

    private static final Logger LOG = LoggerFactory.getLogger(Keepalive.class);
    private static final AttributeKey<AtomicInteger> UNANSWERED = new AttributeKey<>();
    private static final int MOST_UNANSWERED = 3;
    private static final String REQUEST = "keepalive@openssh.com";

    private final Duration interval;

    Keepalive(Duration interval) {
        this.interval = interval;
    }

    void applyTo(SshServer sshd) {
        sshd.setSessionHeartbeat(HeartbeatType.RESERVED, interval);
        sshd.setReservedSessionMessagesHandler(this);
    }

    @Override
    public boolean sendReservedHeartbeat(ConnectionService service) throws IOException {
        Session session = service.getSession();
        AtomicInteger unanswered =
                session.computeAttributeIfAbsent(UNANSWERED, key -> new AtomicInteger());
        if (unanswered.getAndIncrement() >= MOST_UNANSWERED) {
            LOG.info(
                    "{} gave no sign of life for {} s; connection closed",
                    session.getRemoteAddress(),
                    interval.multipliedBy(MOST_UNANSWERED).toSeconds());
            session.close(true);
            return true;
        }
        Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
        buffer.putString(REQUEST);
        buffer.putBoolean(true);
        session.request(buffer, REQUEST, (command, reply) -> unanswered.set(0));
        return true;
    }
}
