package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/** What became of a line. */
public sealed interface Parsed {
    /** A blank line or a comment. */
    record Nothing() implements Parsed {}

    /** It says something. */
    record Understood(Statement statement) implements Parsed {
        public Understood {
            requireNonNull(statement, "statement is null");
        }
    }

    /**
     * It does not, for all these reasons.
     *
     * @param usages the forms that were perhaps meant
     */
    record Malformed(String line, List<Complaint> complaints, List<String> usages)
            implements Parsed {
        /** More forms than this do not help. */
        private static final int MOST_USAGES = 4;

        public Malformed {
            requireNonNull(line, "line is null");
            complaints = List.copyOf(complaints);
            usages = usages.size() > MOST_USAGES ? List.of() : List.copyOf(usages);
        }

        /**
         * The complaints as text, each pointing at its word.
         *
         * @param where what every complaint begins with: {@code xlctl}, or a file and line
         */
        public List<String> lines(String where) {
            List<String> lines = new ArrayList<>();
            for (Complaint complaint : complaints) {
                lines.add(where + ": " + complaint.what());
                lines.add("  " + shown(line));
                lines.add("  " + pointer(complaint));
            }
            usages.forEach(usage -> lines.add("usage: " + usage));
            return lines;
        }

        private String pointer(Complaint complaint) {
            StringBuilder pointer = new StringBuilder();
            for (int at = 0; at < complaint.start(); at++) {
                if (at >= line.length()) {
                    pointer.append(' ');
                } else if (!Character.isLowSurrogate(line.charAt(at))) {
                    pointer.append(line.charAt(at) == '\t' ? '\t' : ' ');
                }
            }
            int width =
                    line.substring(
                                    Math.min(complaint.start(), line.length()),
                                    Math.min(complaint.end(), line.length()))
                            .codePointCount(
                                    0,
                                    Math.min(complaint.end(), line.length())
                                            - Math.min(complaint.start(), line.length()));
            return pointer.append('^').append("~".repeat(Math.max(0, width - 1))).toString();
        }

        private static String shown(String line) {
            StringBuilder shown = new StringBuilder();
            line.codePoints()
                    .map(c -> Character.isISOControl(c) && c != '\t' ? '?' : c)
                    .forEach(shown::appendCodePoint);
            return shown.toString();
        }
    }
}
