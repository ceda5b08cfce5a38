package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

/**
 * A place in a line, shown: the line, or the part of a long one that is around the place, and below
 * it a mark of the same width.
 */
record Pointer(String shown, String mark) {
    /** A line wider than this is shown in part. */
    static final int WIDTH = 76;

    /** The longest message about a word; what is in the middle of a longer one helps nobody. */
    private static final int LONGEST_MESSAGE = 600;

    private static final String CUT = "...";

    Pointer {
        requireNonNull(shown, "shown is null");
        requireNonNull(mark, "mark is null");
    }

    static Pointer at(String line, Complaint complaint) {
        int start = Math.min(complaint.start(), line.length());
        int end = Math.min(complaint.end(), line.length());
        String before = visible(line.substring(0, start)) + " ".repeat(complaint.start() - start);
        String word = visible(line.substring(start, end));
        String after = visible(line.substring(end));
        boolean fits = Columns.of(before) + Columns.of(word) + Columns.of(after) <= WIDTH;
        return fits
                ? new Pointer((before + word + after).stripTrailing(), mark(before, word))
                : window(before.replace('\t', ' '), word, after.replace('\t', ' '));
    }

    /** As much of the word as fits, with what is around it. */
    private static Pointer window(String before, String word, String after) {
        String shown = Columns.head(word, WIDTH - 2 * CUT.length());
        String behind = shown.length() < word.length() ? CUT : after;
        int left = WIDTH - Columns.of(shown);
        int forBehind = Math.max(left / 2, left - Columns.of(before));
        if (Columns.of(behind) > forBehind) {
            behind = Columns.head(behind, forBehind - CUT.length()) + CUT;
        }
        int forBefore = left - Columns.of(behind);
        String ahead =
                Columns.of(before) > forBefore
                        ? CUT + Columns.tail(before, forBefore - CUT.length())
                        : before;
        return new Pointer((ahead + shown + behind).stripTrailing(), mark(ahead, shown));
    }

    /** A tab stays one, so that both lines have what is behind it at the same column. */
    private static String mark(String before, String word) {
        StringBuilder mark = new StringBuilder();
        before.codePoints().forEach(c -> mark.append(c == '\t' ? "\t" : " ".repeat(Columns.of(c))));
        return mark.append('^').append("~".repeat(Math.max(0, Columns.of(word) - 1))).toString();
    }

    /** A message that may have a whole word of the operator's in it. */
    static String shortened(String message) {
        if (message.length() <= LONGEST_MESSAGE) {
            return message;
        }
        int half = LONGEST_MESSAGE / 2;
        return Columns.head(message, half) + CUT + Columns.tail(message, half);
    }

    /** What a terminal would act upon, or show as nothing, is a question mark. */
    private static String visible(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c != '\t' && Columns.isUnseen(c) ? '?' : c)
                .forEach(visible::appendCodePoint);
        return visible.toString();
    }
}
