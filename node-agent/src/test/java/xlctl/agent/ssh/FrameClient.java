package xlctl.agent.ssh;

import com.jcraft.jsch.ChannelSubsystem;
import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import xlctl.agent.api.Frame;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;

/** A controller's end of one subsystem channel, as bytes and frames. */
final class FrameClient implements AutoCloseable {
    private final Session session;
    private final ChannelSubsystem channel;
    private final InputStream in;
    private final OutputStream out;

    private FrameClient(
            Session session, ChannelSubsystem channel, InputStream in, OutputStream out) {
        this.session = session;
        this.channel = channel;
        this.in = in;
        this.out = out;
    }

    static FrameClient connect(RunningAgent agent) throws IOException {
        try {
            JSch jsch = new JSch();
            jsch.addIdentity(agent.key().toString());
            jsch.setKnownHosts(agent.knownHosts().toString());
            Session session = jsch.getSession("controller", "127.0.0.1", agent.port());
            session.setConfig("PreferredAuthentications", "publickey");
            session.connect(10_000);
            ChannelSubsystem channel = (ChannelSubsystem) session.openChannel("subsystem");
            channel.setSubsystem(Protocol.SUBSYSTEM);
            InputStream in = channel.getInputStream();
            OutputStream out = channel.getOutputStream();
            channel.connect(10_000);
            return new FrameClient(session, channel, in, out);
        } catch (JSchException e) {
            throw new IOException(e);
        }
    }

    static FrameClient greeted(RunningAgent agent) throws IOException {
        FrameClient client = connect(agent);
        client.call(0, Request.Hello.now("test"));
        client.receive();
        return client;
    }

    void call(long id, Request request) throws IOException {
        send(Frame.call(id, request));
    }

    void send(Frame frame) throws IOException {
        frame.writeTo(out);
    }

    void send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    /** Says that nothing more will be sent; answers can still come. */
    void endInput() throws IOException {
        out.close();
    }

    Frame receive() throws IOException {
        return Frame.readFrom(in)
                .orElseThrow(() -> new IOException("the agent closed the channel"));
    }

    Reply reply() throws IOException {
        return receive().reply();
    }

    /** Reads to the end of what the agent sends. */
    byte[] rest() throws IOException {
        return in.readAllBytes();
    }

    boolean isConnected() {
        return session.isConnected();
    }

    /** Cuts the TCP connection without a word of farewell on any channel. */
    void vanish() {
        session.disconnect();
    }

    @Override
    public void close() {
        channel.disconnect();
        session.disconnect();
    }
}
