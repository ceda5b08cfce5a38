package xlctl.shell.script;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.Statement;

/**
 * Lines of the language, all understood. Lines end with LF or CRLF, the last one need not; those
 * after a {@code quit} are not read.
 */
public record Script(List<Item> items) {
    /** Lines of complaint after which more would help nobody. */
    private static final int MOST_COMPLAINTS = 400;

    /** More than this is no script. */
    public static final int MAX_BYTES = 8 * 1024 * 1024;

    public Script {
        items = List.copyOf(items);
    }

    /**
     * @param name of the file, for messages
     * @throws MalformedScriptException with every complaint about every line
     */
    public static Script read(byte[] bytes, String name, Parser parser) {
        requireText(bytes, name);
        List<Item> items = new ArrayList<>();
        List<String> complaints = new ArrayList<>();
        int number = 0;
        int start = 0;
        boolean quit = false;
        while (start < bytes.length && !quit) {
            int end = endOfLine(bytes, start);
            number++;
            String where = name + ":" + number;
            if (complaints.size() >= MOST_COMPLAINTS) {
                complaints.add(where + ":1: the lines from here on were not looked at");
                break;
            }
            try {
                Parsed parsed = parser.parse(Line.read(text(bytes, start, end, number == 1)));
                if (parsed instanceof Parsed.Malformed malformed) {
                    complaints.addAll(malformed.linesAt(where));
                } else if (parsed instanceof Parsed.Understood understood) {
                    items.add(new Item(where, understood.statement()));
                    quit = understood.statement() instanceof Statement.Quit;
                }
            } catch (CharacterCodingException e) {
                complaints.add(
                        where
                                + ":"
                                + columnAfter(bytes, start, end)
                                + ": this line is not UTF-8 text");
            }
            start = end + 1;
        }
        if (!complaints.isEmpty()) {
            throw new MalformedScriptException(complaints);
        }
        return new Script(items);
    }

    private static void requireText(byte[] bytes, String name) {
        int line = 1;
        int start = 0;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == 0) {
                throw new MalformedScriptException(
                        List.of(
                                name
                                        + ":"
                                        + line
                                        + ":"
                                        + columnAfter(bytes, start, at)
                                        + ": this is not a text: it has a zero byte in it"));
            }
            if (bytes[at] == '\n') {
                line++;
                start = at + 1;
            }
        }
    }

    /** The column after what is text of it, counted in characters from one on. */
    private static int columnAfter(byte[] bytes, int start, int end) {
        CharBuffer decoded = CharBuffer.allocate(end - start);
        StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes, start, end - start), decoded, true);
        return 1 + Math.toIntExact(decoded.flip().codePoints().count());
    }

    private static int endOfLine(byte[] bytes, int start) {
        int end = start;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        return end;
    }

    private static String text(byte[] bytes, int start, int end, boolean first)
            throws CharacterCodingException {
        String text =
                StandardCharsets.UTF_8
                        .newDecoder()
                        .decode(ByteBuffer.wrap(bytes, start, end - start))
                        .toString();
        if (text.endsWith("\r")) {
            text = text.substring(0, text.length() - 1);
        }
        return first && text.startsWith("\ufeff") ? text.substring(1) : text;
    }
}
