package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

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
         * @param where what every complaint begins with: {@code xlctl}
         */
        public List<String> lines(String where) {
            return lines(where, complaint -> where);
        }

        /**
         * The same, of a line in a file: each begins with FILE:LINE:COLUMN.
         *
         * @param place the file and line
         */
        public List<String> linesAt(String place) {
            return lines(place, complaint -> place + ":" + column(complaint));
        }

        /** In characters, from one on. */
        private int column(Complaint complaint) {
            int start = Math.min(complaint.start(), line.length());
            return line.codePointCount(0, start) + complaint.start() - start + 1;
        }

        private List<String> lines(String where, Function<Complaint, String> begin) {
            List<String> lines = new ArrayList<>();
            for (Complaint complaint : complaints.subList(0, shownComplaints())) {
                Pointer pointer = Pointer.at(line, complaint);
                lines.add(begin.apply(complaint) + ": " + Pointer.shortened(complaint.what()));
                lines.add("  " + pointer.shown());
                lines.add("  " + pointer.mark());
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
    }
}
