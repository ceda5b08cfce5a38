package xlctl.agent.ssh;

import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.session.ReservedSessionMessagesHandler;
import org.apache.sshd.common.session.Session;
import org.apache.sshd.common.util.buffer.Buffer;

/**
 * Asks quiet clients for a sign of life, which every SSH client gives. Only what comes in counts
 * against the idle limit: a client that sits at its prompt stays, one that is gone does not.
 */
final class Keepalive implements ReservedSessionMessagesHandler {
    static final Duration INTERVAL = Duration.ofSeconds(20);
    static final Duration IDLE_LIMIT = Duration.ofSeconds(75);

    private static final String REQUEST = "keepalive@openssh.com";

    @Override
    public boolean sendReservedHeartbeat(ConnectionService service) throws IOException {
        Session session = service.getSession();
        Buffer buffer = session.createBuffer(SshConstants.SSH_MSG_GLOBAL_REQUEST);
        buffer.putString(REQUEST);
        buffer.putBoolean(true);
        session.request(buffer, REQUEST, (command, reply) -> {});
        return true;
    }
}
