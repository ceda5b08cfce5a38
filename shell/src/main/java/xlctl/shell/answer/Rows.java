package xlctl.shell.answer;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * An answer as a table.
 *
 * @param type the record whose components are the columns
 */
public record Rows(Class<? extends Record> type, List<? extends Record> rows) {
    public Rows {
        requireNonNull(type, "type is null");
        rows = List.copyOf(rows);
    }
}
