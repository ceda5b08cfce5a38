package xlctl.operation;

import java.util.Optional;
import xlctl.topology.NodeName;

/** Hears how operations go. Called by several threads. */
@FunctionalInterface
public interface Listener {
    void progress(long operation, Optional<NodeName> node, String text);

    /** A step is under way. Those of an operation have different numbers. */
    default void begun(long operation, int step, Optional<NodeName> node, String title) {}

    /** A step that was begun is done. */
    default void done(long operation, int step) {}

    /** A step that was begun is not done. */
    default void failed(long operation, int step) {}

    /** That nothing is begun yet, and what is waited for. */
    default void waiting(String text) {}
}
