package xlctl.shell.render;

import java.util.ArrayList;
import java.util.List;

/** Columns as wide as their widest cell; two blanks between them. */
final class Table {
    /** The screen that everything should fit on. */
    private static final int WIDTH = 80;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... headings) {
        rows.add(List.of(headings));
    }

    Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    /** The heading first, then the rows, without blanks at their ends. */
    List<String> lines() {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], length(row.get(column)));
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < columns; column++) {
                String cell = row.get(column);
                line.append(cell).append(" ".repeat(widths[column] - length(cell) + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** A text over several lines, broken at blanks, each line with the indent before it. */
    static List<String> wrapped(String text, String indent) {
        return wrapped(text, indent, WIDTH);
    }

    static List<String> wrapped(String text, String indent, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.strip().split("\\s+")) {
            if (line.length() > 0 && indent.length() + line.length() + 1 + word.length() > width) {
                lines.add(indent + line);
                line.setLength(0);
            }
            line.append(line.length() > 0 ? " " : "").append(word);
        }
        lines.add(indent + line);
        return lines;
    }

    static int length(String cell) {
        return cell.codePointCount(0, cell.length());
    }
}
