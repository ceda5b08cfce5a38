package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import xlctl.text.Quoted;

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

        /** Of a line that is longer than this a part is shown. */
        private static final int WIDEST = 200;

        /** More of one line help nobody; no form has as many places. */
        private static final int MOST_COMPLAINTS = 12;

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
            for (Complaint complaint : complaints.subList(0, shownComplaints())) {
                lines.add(where + ": " + complaint.what());
                int from = from(complaint);
                int to = Math.min(line.length(), from + WIDEST);
                lines.add(
                        "  "
                                + (from > 0 ? "..." : "")
                                + shown(line.substring(from, to))
                                + (to < line.length() ? "..." : ""));
                lines.add("  " + (from > 0 ? "   " : "") + pointer(complaint, from, to));
            }
            int left = complaints.size() - shownComplaints();
            if (left > 0) {
                lines.add(where + ": and " + left + " more like these");
            }
            usages.forEach(usage -> lines.add("usage: " + usage));
            return lines;
        }

        private int shownComplaints() {
            return Math.min(complaints.size(), MOST_COMPLAINTS);
        }

        /** Where the part of the line begins that is shown: all of it, unless it is very long. */
        private int from(Complaint complaint) {
            if (line.length() <= WIDEST) {
                return 0;
            }
            int from = Math.max(0, Math.min(complaint.start(), line.length()) - WIDEST / 2);
            boolean half = from > 0 && Character.isLowSurrogate(line.charAt(from));
            return half ? from + 1 : from;
        }

        private String pointer(Complaint complaint, int from, int to) {
            StringBuilder pointer = new StringBuilder();
            for (int at = from; at < complaint.start(); at++) {
                if (at >= line.length()) {
                    pointer.append(' ');
                } else if (!Character.isLowSurrogate(line.charAt(at))) {
                    pointer.append(line.charAt(at) == '\t' ? '\t' : ' ');
                }
            }
            int start = Math.min(complaint.start(), to);
            int end = Math.max(start, Math.min(complaint.end(), to));
            int width = line.substring(start, end).codePointCount(0, end - start);
            return pointer.append('^').append("~".repeat(Math.max(0, width - 1))).toString();
        }

        private static String shown(String line) {
            StringBuilder shown = new StringBuilder();
            line.codePoints()
                    .map(c -> Quoted.isPlain(c) || c == '\t' ? c : '?')
                    .forEach(shown::appendCodePoint);
            return shown.toString();
        }
    }
}
