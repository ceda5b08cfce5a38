package xlctl.agent.engine.xl;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * As much of the GTM's protocol as proves that one serves: a connection opened and closed in good
 * form, and one request between that takes nothing from it. Whoever only connects to the port
 * leaves an error in its log each time.
 */
final class GtmHandshake {
    private static final String NODE_NAME = "xlctl";
    private static final int NODE_NAME_BYTES = 64;
    private static final int MOST_BYTES = 1 << 20;

    /** Someone who registers for nothing: no node, and no proxy. */
    private static final int BYSTANDER = 6;

    private GtmHandshake() {}

    /** It lives, and says something else than a GTM that serves. */
    static final class Refusal extends IOException {
        private static final long serialVersionUID = 1L;

        Refusal(String message) {
            super(message);
        }
    }

    /** Who is spoken to: their requests and answers have numbers of their own. */
    enum Peer {
        /** Asked for the next transaction id, which it does not hand out by that. */
        POSTGRES_XL_GTM(false, 35, false, 21),
        /** Passes few requests on to its GTM, one for a snapshot among them. */
        POSTGRES_XL_PROXY(false, 38, true, 24),
        OPENTENBASE_GTM(true, 42, false, 28);

        private final boolean wantsProcessId;
        private final int request;
        private final boolean ofOneTransaction;
        private final int answer;

        Peer(boolean wantsProcessId, int request, boolean ofOneTransaction, int answer) {
            this.wantsProcessId = wantsProcessId;
            this.request = request;
            this.ofOneTransaction = ofOneTransaction;
            this.answer = answer;
        }
    }

    /** What a server says at once. */
    record Message(char type, byte[] body) {
        private int number() throws IOException {
            if (body.length < Integer.BYTES) {
                throw new Refusal("it answers " + this + " of " + body.length + " bytes");
            }
            return ByteBuffer.wrap(body).getInt();
        }

        @Override
        public String toString() {
            return "'" + type + "'";
        }
    }

    /**
     * @param timeout for the whole
     * @throws Refusal when the server answers otherwise than a GTM that serves
     * @throws IOException also when it does not answer
     */
    static void with(InetSocketAddress address, Peer peer, Duration timeout) throws IOException {
        long deadline = System.nanoTime() + timeout.toNanos();
        try (Socket socket = new Socket()) {
            socket.connect(address, left(deadline));
            socket.setTcpNoDelay(true);
            DataInputStream answers = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(startup(peer));
            socket.setSoTimeout(left(deadline));
            requireWelcome(read(answers));
            socket.getOutputStream().write(request(peer));
            socket.setSoTimeout(left(deadline));
            requireAnswer(peer, read(answers));
            socket.getOutputStream().write(goodbye());
        }
    }

    /** The first packet is a structure as it lies in the memory of who sends it. */
    static byte[] startup(Peer peer) {
        int bytes = NODE_NAME_BYTES + 3 * Integer.BYTES + (peer.wantsProcessId ? Integer.BYTES : 0);
        ByteBuffer body = ByteBuffer.allocate(bytes).order(ByteOrder.nativeOrder());
        body.put(NODE_NAME.getBytes(StandardCharsets.US_ASCII));
        body.position(NODE_NAME_BYTES);
        body.putInt(BYSTANDER);
        body.putInt(0); // not the first process of a node
        body.putInt(0); // no client number from before
        if (peer.wantsProcessId) {
            body.putInt((int) ProcessHandle.current().pid());
        }
        return packet('A', body.array());
    }

    static byte[] request(Peer peer) {
        ByteBuffer body = ByteBuffer.allocate((peer.ofOneTransaction ? 3 : 1) * Integer.BYTES);
        body.putInt(peer.request);
        if (peer.ofOneTransaction) {
            body.putInt(1).putInt(0); // one, which has no number
        }
        return packet('C', body.array());
    }

    static byte[] goodbye() {
        return packet('X', new byte[0]);
    }

    static Message read(InputStream stream) throws IOException {
        DataInputStream answers = new DataInputStream(stream);
        try {
            char type = (char) answers.readUnsignedByte();
            int length = answers.readInt();
            if (length < Integer.BYTES || length > MOST_BYTES) {
                throw new Refusal("what answers is no GTM");
            }
            byte[] body = new byte[length - Integer.BYTES];
            answers.readFully(body);
            return new Message(type, body);
        } catch (EOFException e) {
            throw new IOException("it closed the connection", e);
        }
    }

    static void requireWelcome(Message message) throws IOException {
        refuseError(message);
        if (message.type() != 'R') {
            throw new Refusal("what answers is no GTM: it says " + message);
        }
    }

    static void requireAnswer(Peer peer, Message message) throws IOException {
        refuseError(message);
        if (message.type() != 'S' || message.number() != peer.answer) {
            throw new Refusal("its answer " + message + " is not one of this engine's version");
        }
    }

    private static void refuseError(Message message) throws IOException {
        if (message.type() == 'E') {
            throw new Refusal("it says: " + text(message.body()));
        }
    }

    /** Fields of a letter and a text each; 'M' is the message. */
    private static String text(byte[] body) {
        String all = new String(body, StandardCharsets.UTF_8);
        for (String field : all.split("\0")) {
            if (field.startsWith("M")) {
                return field.substring(1);
            }
        }
        return all.replace('\0', ' ').strip();
    }

    private static byte[] packet(char type, byte[] body) {
        return ByteBuffer.allocate(1 + Integer.BYTES + body.length)
                .put((byte) type)
                .putInt(Integer.BYTES + body.length)
                .put(body)
                .array();
    }

    /** In milliseconds, at least one: zero would be forever. */
    private static int left(long deadline) {
        return (int) Math.max(1, (deadline - System.nanoTime()) / 1_000_000);
    }
}
