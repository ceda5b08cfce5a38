package xlctl.shell.language;

/** How many columns of a terminal text takes: letters of East Asia take two, marks on them none. */
final class Columns {
    /** Where wide characters begin and end, in pairs; both belong to them. */
    private static final int[] WIDE = {
        0x1100, 0x115F, 0x2E80, 0x303E, 0x3041, 0xA4CF, 0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE30,
        0xFE6F, 0xFF00, 0xFF60, 0xFFE0, 0xFFE6, 0x1F300, 0x1F64F, 0x1F900, 0x1F9FF, 0x20000, 0x3FFFD
    };

    private Columns() {}

    static int of(String text) {
        return text.codePoints().map(Columns::of).sum();
    }

    /** The beginning that takes at most so many columns. */
    static String head(String text, int columns) {
        int taken = 0;
        int at = 0;
        while (at < text.length()) {
            int next = text.codePointAt(at);
            taken += of(next);
            if (taken > columns) {
                return text.substring(0, at);
            }
            at += Character.charCount(next);
        }
        return text;
    }

    /** The end that takes at most so many columns. */
    static String tail(String text, int columns) {
        int taken = 0;
        int at = text.length();
        while (at > 0) {
            int next = text.codePointBefore(at);
            taken += of(next);
            if (taken > columns) {
                return text.substring(at);
            }
            at -= Character.charCount(next);
        }
        return text;
    }

    /** Whether a terminal acts upon it instead of showing it. */
    static boolean isUnseen(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE ->
                    true;
            default -> false;
        };
    }

    static int of(int codePoint) {
        int type = Character.getType(codePoint);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        for (int pair = 0; pair < WIDE.length; pair += 2) {
            if (codePoint >= WIDE[pair] && codePoint <= WIDE[pair + 1]) {
                return 2;
            }
        }
        return 1;
    }
}
