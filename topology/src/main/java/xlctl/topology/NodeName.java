package xlctl.topology;

import java.util.regex.Pattern;
import xlctl.text.Quoted;

/** A name in the cluster's catalog, {@code coord_m_1}: what {@code pgxc_node.node_name} shows. */
public record NodeName(String value) implements Comparable<NodeName> {
    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

    public NodeName {
        if (!ALLOWED.matcher(value).matches()) {
            throw new InvalidValueException(
                    Quoted.ascii(value)
                            + " is not a node name: a letter or '_', then letters, digits or '_', at most 63, as in coord_m_1");
        }
        if (value.equalsIgnoreCase("none") || value.equalsIgnoreCase("all")) {
            throw new InvalidValueException(
                    Quoted.ascii(value)
                            + " cannot be a node name: the command language gives this word a meaning of its own");
        }
    }

    @Override
    public int compareTo(NodeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
