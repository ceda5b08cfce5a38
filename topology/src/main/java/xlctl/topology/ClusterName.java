package xlctl.topology;

import java.util.regex.Pattern;
import xlctl.text.Quoted;

/** The name of one database cluster: a DNS label such as {@code postgresql-1}. */
public record ClusterName(String value) implements Comparable<ClusterName> {
    private static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    public ClusterName {
        if (!LABEL.matcher(value).matches()) {
            throw new InvalidValueException(
                    Quoted.ascii(value)
                            + " is not a cluster name: 1 to 63 of a-z, 0-9 and '-', not at an end, as in postgresql-1");
        }
    }

    @Override
    public int compareTo(ClusterName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
