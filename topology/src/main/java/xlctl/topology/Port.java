package xlctl.topology;

import xlctl.text.Quoted;

/** A TCP port that a server can listen on: 1 to 65535. */
public record Port(int value) implements Comparable<Port> {
    public Port {
        if (value < 1 || value > 65535) {
            throw new InvalidValueException(value + " is not a port: 1 to 65535");
        }
    }

    /** Reads decimal digits only; signs, blanks and anything else are refused. */
    public static Port parse(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new InvalidValueException(
                    Quoted.ascii(text) + " is not a port: a number from 1 to 65535");
        }
        return new Port(Integer.parseInt(text));
    }

    @Override
    public int compareTo(Port other) {
        return Integer.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Integer.toString(value);
    }
}
