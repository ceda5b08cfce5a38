package xlctl.text;

import java.util.stream.Collectors;

/**
 * Text of others in messages. What would not be seen as it is, or would act on a terminal, is
 * written as {@code \}{@code u001b}: control characters, marks of writing direction, halves of
 * characters.
 */
public final class Quoted {
    /** More than this of a value helps nobody. */
    private static final int MOST = 80;

    private Quoted() {}

    /** A value between quotation marks; of a long one its beginning and its length. */
    public static String of(String value) {
        return marked(value, false);
    }

    /**
     * The same, for a value that may have letters, digits and signs of ASCII only: what looks like
     * one of them and is none is written as its number.
     */
    public static String ascii(String value) {
        return marked(value, true);
    }

    /** A line as it may be shown; tabs stay. */
    public static String line(String text) {
        return text.codePoints()
                .mapToObj(c -> isPlain(c) || c == '\t' ? Character.toString(c) : escaped(c))
                .collect(Collectors.joining());
    }

    /** Whether a character is seen as what it is, and does nothing else. */
    static boolean isPlain(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    private static String marked(String value, boolean asciiOnly) {
        int length = value.codePointCount(0, value.length());
        String shown =
                value.codePoints()
                        .limit(MOST)
                        .mapToObj(
                                c ->
                                        isPlain(c) && (c < 0x80 || !asciiOnly)
                                                ? Character.toString(c)
                                                : escaped(c))
                        .collect(Collectors.joining());
        return length > MOST
                ? "\"" + shown + "...\" (" + length + " characters)"
                : "\"" + shown + "\"";
    }

    private static String escaped(int c) {
        return c > 0xffff ? String.format("\\u{%x}", c) : String.format("\\u%04x", c);
    }
}
