package xlctl.topology;

import java.nio.charset.StandardCharsets;
import xlctl.text.Quoted;

/**
 * The name of a database or role, as the server keeps it: upper and lower case differ, and whatever
 * it holds must be quoted in a statement.
 */
public record SqlName(String value) implements Comparable<SqlName> {
    private static final int MOST_BYTES = 63;

    public SqlName {
        int bytes = value.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > MOST_BYTES || value.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidValueException(
                    Quoted.of(value)
                            + " is not a name in a server: 1 to "
                            + MOST_BYTES
                            + " bytes without control characters");
        }
    }

    @Override
    public int compareTo(SqlName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
