package xlctl.operation;

import java.util.Optional;
import xlctl.topology.NodeName;

/** Hears how operations go. Called by several threads. */
@FunctionalInterface
public interface Listener {
    void progress(long operation, Optional<NodeName> node, String text);

    /** That nothing is begun yet, and what is waited for. */
    default void waiting(String text) {}
}
