package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.json.JsonTree;

/**
 * One message on the wire: a length of four bytes, then a kind of one byte, an id of eight bytes,
 * and a body; all big endian, the length counting what follows it. The id ties answers and progress
 * to their call, so that many calls can be in flight; it can be read even where the body is of a
 * request this program does not know.
 */
public record Frame(Kind kind, long id, byte[] body) {
    /** No body may be larger: a peer that announces more is not speaking this protocol. */
    public static final int MAX_BODY = 8 * 1024 * 1024;

    private static final int HEAD = 1 + Long.BYTES;

    /** What the body holds. */
    public enum Kind {
        /** A {@link Request}. */
        CALL(1),
        /** A {@link Reply}: the last frame of its id. */
        ANSWER(2),
        /** A line of text for people. */
        PROGRESS(3);

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        private static Kind of(int code) throws MalformedFrameException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedFrameException("a frame of the unknown kind " + code);
        }
    }

    /** Bytes that are no frame: the connection they came from can only be closed. */
    public static final class MalformedFrameException extends IOException {
        private static final long serialVersionUID = 1L;

        public MalformedFrameException(String message) {
            super(message);
        }
    }

    public Frame {
        requireNonNull(kind, "kind is null");
        requireNonNull(body, "body is null");
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException(
                    "a message of " + body.length + " bytes is over the limit of " + MAX_BODY);
        }
    }

    /** Makes the first conversation faster. May run while others already converse. */
    public static void prepare() {
        Json.prepareToRead(Reply.class, Reply.Welcome.class, Reply.HostReport.class);
        Json.write(new Request.Inspect());
    }

    public static Frame call(long id, Request request) {
        return new Frame(Kind.CALL, id, Json.write(request));
    }

    public static Frame answer(long id, Reply reply) {
        return new Frame(Kind.ANSWER, id, Json.write(reply));
    }

    public static Frame progress(long id, String text) {
        return new Frame(Kind.PROGRESS, id, text.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * @throws JsonException when the body is no request that this program knows
     */
    public Request request() {
        return Json.read(body, Request.class, "call " + id);
    }

    /** How a request or reply calls itself, also one that this program does not know. */
    public Optional<String> type() {
        try {
            return JsonTree.read(text(), "frame " + id).text("type");
        } catch (JsonException e) {
            return Optional.empty();
        }
    }

    /**
     * What a newer agent says more than this program knows is left out; a request, which may ask
     * for more than would be done, is taken as a whole or not at all.
     *
     * @throws JsonException when the body is no reply that this program knows
     */
    public Reply reply() {
        return Json.readKnown(body, Reply.class, "answer " + id);
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Writes and flushes. Frames of several threads must be kept apart by the caller. */
    public void writeTo(OutputStream out) throws IOException {
        DataOutputStream data = new DataOutputStream(out);
        data.writeInt(HEAD + body.length);
        data.writeByte(kind.code);
        data.writeLong(id);
        data.write(body);
        data.flush();
    }

    /**
     * Reads the next frame; empty at the end of the stream between two frames.
     *
     * @throws MalformedFrameException before anything is allocated, when the length or kind cannot
     *     be
     */
    public static Optional<Frame> readFrom(InputStream in) throws IOException {
        DataInputStream data = new DataInputStream(in);
        int first = data.read();
        if (first < 0) {
            return Optional.empty();
        }
        int length = first << 24 | data.readUnsignedByte() << 16 | data.readUnsignedShort();
        if (length < HEAD || length > HEAD + MAX_BODY) {
            throw new MalformedFrameException(
                    "a frame that announces "
                            + Integer.toUnsignedString(length)
                            + " bytes; allowed are "
                            + HEAD
                            + " to "
                            + (HEAD + MAX_BODY));
        }
        Kind kind = Kind.of(data.readUnsignedByte());
        long id = data.readLong();
        byte[] body = data.readNBytes(length - HEAD);
        if (body.length < length - HEAD) {
            throw new EOFException("the connection ended inside a frame");
        }
        return Optional.of(new Frame(kind, id, body));
    }
}
