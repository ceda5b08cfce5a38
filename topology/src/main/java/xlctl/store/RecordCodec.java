package xlctl.store;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import xlctl.json.Json;
import xlctl.json.JsonException;
import xlctl.topology.InstanceReport;
import xlctl.topology.Topology;

/**
 * The form of every record: one line of head, {@code xlctl <format> <mark>}, and the record as
 * JSON. The head gives the format, and a mark of the one write that put it there, by which a writer
 * who lost its connection recognises its own work.
 */
final class RecordCodec {
    /** The newest one, which topologies and plans of operations have. */
    static final int FORMAT = 2;

    /**
     * Of all the others, which are as they were in the first: an agent that knows no newer one goes
     * on keeping its servers up beside newer programs.
     */
    private static final int FIRST_FORMAT = 1;

    /**
     * Records of a session: they inform, and end with who wrote them. What a newer program says
     * more there keeps nobody from working; in a record that lasts it may be what matters.
     */
    private static final Set<Class<?>> INFORMING =
            Set.of(Presence.class, InstanceReport.class, LockHolder.class);

    private static final Pattern HEAD = Pattern.compile("xlctl ([0-9]{1,6}) [0-9a-f-]{36}");

    private RecordCodec() {}

    static byte[] encode(Object record) {
        return frame(Json.write(record), record instanceof Topology ? FORMAT : FIRST_FORMAT);
    }

    static <T> T decode(byte[] data, Class<T> type, String path) {
        byte[] body = unframe(data, path);
        try {
            return INFORMING.contains(type)
                    ? Json.readKnown(body, type, path)
                    : Json.read(body, type, path);
        } catch (JsonException e) {
            throw new StoreException.Unreadable(
                    e.getMessage()
                            + "; it was left as it is: use the newer xlctl if one wrote it, else"
                            + " repair it or restore it from a backup",
                    e);
        }
    }

    /** A part of a plan, or nothing, in the newest format. */
    static byte[] frame(byte[] body) {
        return frame(body, FORMAT);
    }

    private static byte[] frame(byte[] body, int format) {
        byte[] head =
                ("xlctl " + format + " " + UUID.randomUUID() + "\n")
                        .getBytes(StandardCharsets.US_ASCII);
        byte[] framed = new byte[head.length + body.length];
        System.arraycopy(head, 0, framed, 0, head.length);
        System.arraycopy(body, 0, framed, head.length, body.length);
        return framed;
    }

    static byte[] unframe(byte[] data, String path) {
        int end = 0;
        while (end < data.length && data[end] != '\n') {
            end++;
        }
        Matcher head = HEAD.matcher(new String(data, 0, end, StandardCharsets.ISO_8859_1));
        if (end == data.length || !head.matches()) {
            throw new StoreException.Unreadable(
                    path
                            + " is not a record of xlctl: it does not start with one's head;"
                            + " it was left as it is: repair it or restore it from a backup",
                    null);
        }
        int format = Integer.parseInt(head.group(1));
        if (format > FORMAT) {
            throw new StoreException.Unreadable(
                    path
                            + " has format "
                            + format
                            + ", this program knows formats up to "
                            + FORMAT
                            + ": use the newer xlctl that wrote it",
                    null);
        }
        byte[] body = new byte[data.length - end - 1];
        System.arraycopy(data, end + 1, body, 0, body.length);
        return body;
    }
}
