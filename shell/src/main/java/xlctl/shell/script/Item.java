package xlctl.shell.script;

import static java.util.Objects.requireNonNull;

import xlctl.shell.language.Statement;

/**
 * A statement and where it stands.
 *
 * @param where what messages about it begin with: {@code xlctl}, or a file and line
 */
public record Item(String where, Statement statement) {
    public Item {
        requireNonNull(where, "where is null");
        requireNonNull(statement, "statement is null");
    }
}
