package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the words of a line are, while it is typed. */
public final class Highlighting {
    /** What a part of a line is. */
    public enum Kind {
        /** Part of the language. */
        KNOWN,
        /** What the parser would complain about. */
        WRONG,
        COMMENT
    }

    /** A part of a line, from one place to before another. */
    public record Mark(int start, int end, Kind kind) {
        public Mark {
            requireNonNull(kind, "kind is null");
        }
    }

    private Highlighting() {}

    /**
     * The parts of a line that are marked, in their order. The last word is not wrong while it may
     * still become right.
     */
    public static List<Mark> of(String text) {
        Line line = Line.read(text);
        List<Mark> marks = new ArrayList<>();
        Walk walk = Walk.over(line.words());
        int understood =
                walk.stoppedAt().map(line.words()::indexOf).orElseGet(() -> line.words().size());
        for (int at = 0; at < understood; at++) {
            Word word = line.words().get(at);
            if (isKnown(walk, at)) {
                marks.add(new Mark(word.start(), word.end(), Kind.KNOWN));
            } else if (!isReadable(walk, at) && word.end() < text.length()) {
                marks.add(new Mark(word.start(), word.end(), Kind.WRONG));
            }
        }
        walk.stoppedAt()
                .filter(word -> word.end() < text.length() || !begins(word, walk))
                .ifPresent(word -> marks.add(new Mark(word.start(), word.end(), Kind.WRONG)));
        int comment = commentAt(line);
        if (comment < text.length()) {
            marks.add(new Mark(comment, text.length(), Kind.COMMENT));
        }
        return marks;
    }

    private static boolean isKnown(Walk walk, int at) {
        return walk.states().stream()
                .anyMatch(state -> state.matches().get(at).terminal().isExact());
    }

    private static boolean isReadable(Walk walk, int at) {
        return walk.states().stream().anyMatch(state -> state.matches().get(at).readable());
    }

    private static boolean begins(Word word, Walk walk) {
        String typed = word.text().toLowerCase(Locale.ROOT);
        return walk.expectedWords().stream().anyMatch(expected -> expected.startsWith(typed));
    }

    /** Where a comment begins, or the end of the line. */
    private static int commentAt(Line line) {
        int end = line.words().isEmpty() ? 0 : line.words().get(line.words().size() - 1).end();
        int comment = line.text().indexOf('#', end);
        return comment < 0 ? line.text().length() : comment;
    }
}
