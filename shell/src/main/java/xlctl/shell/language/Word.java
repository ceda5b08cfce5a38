package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

/**
 * One word of a line, its quotes taken off.
 *
 * @param start where it begins in the line, with its quotes
 * @param end the place after its last character
 */
public record Word(String text, int start, int end) {
    public Word {
        requireNonNull(text, "text is null");
    }
}
