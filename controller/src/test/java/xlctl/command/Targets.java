package xlctl.command;

import java.util.List;
import java.util.Optional;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;

/** Targets that tests name. */
public final class Targets {
    private Targets() {}

    public static Target of(NodeKind kind) {
        return new Target(Optional.of(kind), Optional.empty(), List.of());
    }

    public static Target named(NodeName... names) {
        return new Target(Optional.empty(), Optional.empty(), List.of(names));
    }
}
