package xlctl.topology;

import static java.util.Objects.requireNonNull;

import xlctl.text.Quoted;

/**
 * One server process of a node, {@code data_m_1.1}. The ordinal says nothing about the role: it
 * stays when the master changes, and it is not used again for another instance of the node while
 * one has it.
 */
public record InstanceName(NodeName node, int ordinal) implements Comparable<InstanceName> {
    public InstanceName {
        requireNonNull(node, "node is null");
        if (ordinal < 1) {
            throw new InvalidValueException(
                    "the ordinal of an instance starts at 1, not " + ordinal);
        }
    }

    public static InstanceName parse(String text) {
        int dot = text.lastIndexOf('.');
        if (dot < 1 || !text.substring(dot + 1).matches("[0-9]{1,6}")) {
            throw new InvalidValueException(
                    Quoted.ascii(text) + " is not an instance: NODE.NUMBER, as in data_m_1.1");
        }
        return new InstanceName(
                new NodeName(text.substring(0, dot)), Integer.parseInt(text.substring(dot + 1)));
    }

    @Override
    public int compareTo(InstanceName other) {
        int byNode = node.compareTo(other.node);
        return byNode != 0 ? byNode : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return node + "." + ordinal;
    }
}
