package xlctl.topology;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import xlctl.text.Quoted;

/**
 * A directory on an agent's host, absolute or relative to the agent's first data root. Kept as
 * typed but for doubled and trailing slashes; {@code .}, {@code ..}, {@code ~} and {@code $} are
 * refused, because nothing expands them.
 */
public record Directory(String value) implements Comparable<Directory> {
    public Directory {
        List<String> parts = new ArrayList<>();
        for (String part : value.split("/", -1)) {
            if (part.equals(".") || part.equals("..")) {
                throw new InvalidValueException(
                        Quoted.of(value)
                                + " is not a directory that can be used: it contains "
                                + part);
            }
            if (!part.isEmpty()) {
                parts.add(part);
            }
        }
        boolean printable = value.codePoints().allMatch(c -> c >= ' ' && c != 0x7f);
        if (parts.isEmpty()
                || value.equalsIgnoreCase("none")
                || !printable
                || value.startsWith("~")
                || value.contains("$")) {
            throw new InvalidValueException(
                    Quoted.of(value)
                            + " is not a directory that can be used: a path below one of the agent's data roots, as in data/coord,"
                            + " without control characters, '~' or '$'");
        }
        if (value.length() > 900) {
            throw new InvalidValueException(
                    "a directory of " + value.length() + " characters is too long: at most 900");
        }
        value = (value.startsWith("/") ? "/" : "") + String.join("/", parts);
    }

    public boolean isAbsolute() {
        return value.startsWith("/");
    }

    /**
     * Whether one is the other or lies inside it, as far as their text tells: the agent compares
     * real paths.
     */
    boolean overlaps(Directory other) {
        List<String> mine = Arrays.asList(value.split("/"));
        List<String> theirs = Arrays.asList(other.value.split("/"));
        int shared = Math.min(mine.size(), theirs.size());
        return isAbsolute() == other.isAbsolute()
                && mine.subList(0, shared).equals(theirs.subList(0, shared));
    }

    @Override
    public int compareTo(Directory other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
