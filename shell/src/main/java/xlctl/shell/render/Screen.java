package xlctl.shell.render;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a text may look like where it goes.
 *
 * @param columns how wide lines may be
 * @param lines how many of them are seen at once; empty where that does not matter
 * @param redraws whether what was shown can be replaced
 * @param colours whether words may have colours
 */
public record Screen(int columns, Optional<Integer> lines, boolean redraws, boolean colours) {
    /** A colour; what it means stands in the words as well. */
    enum Colour {
        NONE(""),
        DOWN("\u001b[31m"),
        DEGRADED("\u001b[33m");

        private final String start;

        Colour(String start) {
            this.start = start;
        }
    }

    private static final String END = "\u001b[0m";
    private static final Pattern PAINT = Pattern.compile("\u001b\\[[0-9]*m");
    private static final String TOP_OF_EMPTY_SCREEN = "\u001b[H\u001b[2J";
    private static final int USUAL_COLUMNS = 80;
    private static final Pattern WIDTH = Pattern.compile("[1-9][0-9]{1,3}");

    /** Lines in a file, a pipe or a log. */
    public static final Screen PLAIN = new Screen(USUAL_COLUMNS, Optional.empty(), false, false);

    public Screen {
        requireNonNull(lines, "lines is null");
    }

    /** No terminal: 80 columns, unless COLUMNS says otherwise. */
    public static Screen plain(Map<String, String> environment) {
        return new Screen(
                Optional.ofNullable(environment.get("COLUMNS"))
                        .filter(text -> WIDTH.matcher(text).matches())
                        .map(Integer::parseInt)
                        .orElse(USUAL_COLUMNS),
                Optional.empty(),
                false,
                false);
    }

    /**
     * A terminal of this size. One that is dumb gets no control characters, and with NO_COLOR there
     * are no colours.
     *
     * @param columns 0 where it does not say
     */
    public static Screen terminal(int columns, int lines, Map<String, String> environment) {
        String type = environment.getOrDefault("TERM", "dumb");
        boolean dumb = type.equals("dumb") || type.isEmpty();
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Screen(
                columns > 0 ? columns : USUAL_COLUMNS,
                lines > 0 ? Optional.of(lines) : Optional.empty(),
                !dumb,
                !dumb && !plain);
    }

    /**
     * Lines that stand in place of what was shown before. What the screen has no room for is left
     * out: the end of what is shown, and the beginning of the tail, which has the room that is left
     * and a quarter of the screen at least.
     *
     * @param tail comes after an empty line; may be empty
     */
    public List<String> replacing(List<String> shown, List<String> tail) {
        int height = lines.map(all -> Math.max(all - 1, 1)).orElse(Integer.MAX_VALUE);
        int left = height - shown.stream().mapToInt(this::rows).sum() - 1;
        List<String> newestFirst = new ArrayList<>(tail);
        Collections.reverse(newestFirst);
        List<String> end = new ArrayList<>(fitting(newestFirst, Math.max(left, height / 4)));
        Collections.reverse(end);
        if (!end.isEmpty()) {
            end.add(0, "");
        }
        int above = height - end.stream().mapToInt(this::rows).sum();
        List<String> seen = new ArrayList<>(fitting(shown, above));
        if (seen.isEmpty()) {
            seen.add(shown.get(0));
        }
        seen.addAll(end);
        seen.set(0, TOP_OF_EMPTY_SCREEN + seen.get(0));
        return seen;
    }

    /** The first lines, as many as there is room for. */
    private List<String> fitting(List<String> texts, int room) {
        int used = 0;
        int count = 0;
        while (count < texts.size() && used + rows(texts.get(count)) <= room) {
            used += rows(texts.get(count));
            count++;
        }
        return texts.subList(0, count);
    }

    /** A line that is wider than the terminal goes on in its next row. */
    private int rows(String line) {
        String seen = PAINT.matcher(line).replaceAll("");
        int width = seen.codePointCount(0, seen.length());
        return Math.max(1, (width + columns - 1) / columns);
    }

    String painted(String line, Colour colour) {
        return colours && colour != Colour.NONE ? colour.start + line + END : line;
    }
}
