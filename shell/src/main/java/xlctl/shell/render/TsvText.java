package xlctl.shell.render;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import xlctl.json.JsonDocument;
import xlctl.shell.answer.Rows;

/** Rows with tabs between their cells, under the names of their columns. */
final class TsvText {
    private static final String BETWEEN = "; ";

    private TsvText() {}

    static List<String> of(Rows rows) {
        List<String> lines = new ArrayList<>();
        lines.add(
                Stream.of(rows.type().getRecordComponents())
                        .map(component -> component.getName())
                        .collect(Collectors.joining("\t")));
        for (Record row : rows.rows()) {
            Map<String, Object> fields = JsonDocument.fieldsOf(row);
            lines.add(
                    Stream.of(rows.type().getRecordComponents())
                            .map(component -> escaped(text(fields.get(component.getName()))))
                            .collect(Collectors.joining("\t")));
        }
        return lines;
    }

    /** What is absent is empty; a record in a cell is its texts, those of a list one by one. */
    private static String text(Object value) {
        if (value == null) {
            return "";
        } else if (value instanceof Collection<?> list) {
            return list.stream().map(TsvText::text).collect(Collectors.joining(BETWEEN));
        } else if (value instanceof Map<?, ?> fields) {
            return fields.values().stream()
                    .map(TsvText::text)
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(": "));
        }
        return value.toString();
    }

    private static String escaped(String cell) {
        return cell.replace("\\", "\\\\")
                .replace("\t", "\\t")
                .replace("\n", "\\n")
                .replace("\r", "\\r");
    }
}
