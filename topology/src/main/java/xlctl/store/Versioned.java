package xlctl.store;

import static java.util.Objects.requireNonNull;

/** A record and the version under which it was read: what a conditional write must name. */
public record Versioned<T>(T value, int version) {
    public Versioned {
        requireNonNull(value, "value is null");
    }
}
