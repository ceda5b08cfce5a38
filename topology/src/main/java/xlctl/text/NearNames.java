package xlctl.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Known names that a mistyped one may have meant: at most a third of its letters added, left out,
 * replaced or swapped with a neighbour. Case does not count.
 */
public final class NearNames {
    private static final int MOST = 3;

    private NearNames() {}

    /** The nearest names, at most three, nearest first; empty when none is near. */
    static List<String> of(String typed, Collection<String> known) {
        if (typed.length() < 2) {
            return List.of(); // Every name of one letter would be near.
        }
        int allowed = Math.max(1, typed.length() / 3);
        return known.stream()
                .distinct()
                .filter(name -> distance(typed, name) <= allowed)
                .sorted(
                        Comparator.comparingInt((String name) -> distance(typed, name))
                                .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .collect(Collectors.toUnmodifiableList());
    }

    /** {@code did you mean "host" or "port"?}, or nothing when none is near. */
    public static String question(String typed, Collection<String> known) {
        List<String> near = of(typed, known);
        return near.isEmpty()
                ? ""
                : near.stream()
                        .map(name -> "\"" + name + "\"")
                        .collect(Collectors.joining(" or ", "did you mean ", "?"));
    }

    /**
     * Letters to add, leave out, replace, or swap with their neighbour to get from one to another.
     */
    static int distance(String one, String other) {
        String from = one.toLowerCase(Locale.ROOT);
        String to = other.toLowerCase(Locale.ROOT);
        int[] twoAbove = new int[to.length() + 1];
        int[] above = new int[to.length() + 1];
        Arrays.setAll(above, column -> column);
        for (int row = 1; row <= from.length(); row++) {
            int[] here = new int[to.length() + 1];
            here[0] = row;
            for (int column = 1; column <= to.length(); column++) {
                int replaced = from.charAt(row - 1) == to.charAt(column - 1) ? 0 : 1;
                here[column] =
                        Math.min(
                                above[column - 1] + replaced,
                                1 + Math.min(above[column], here[column - 1]));
                if (row > 1
                        && column > 1
                        && from.charAt(row - 1) == to.charAt(column - 2)
                        && from.charAt(row - 2) == to.charAt(column - 1)) {
                    here[column] = Math.min(here[column], 1 + twoAbove[column - 2]);
                }
            }
            twoAbove = above;
            above = here;
        }
        return above[to.length()];
    }
}
