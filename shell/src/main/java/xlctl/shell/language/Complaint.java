package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

/**
 * Something in a line that cannot be, and where.
 *
 * @param start where in the line it begins
 * @param end the place after it; at least one after {@code start}
 */
public record Complaint(int start, int end, String what) {
    public Complaint {
        requireNonNull(what, "what is null");
        end = Math.max(end, start + 1);
    }

    static Complaint about(Word word, String what) {
        return new Complaint(word.start(), word.end(), what);
    }
}
