package xlctl.operation;

import java.util.Optional;
import xlctl.topology.NodeName;

/**
 * Hears how operations go. Called by the threads that do them: by several at the same time, unless
 * who takes it says that calls come one at a time. It must not block.
 */
@FunctionalInterface
public interface Listener {
    void progress(long operation, Optional<NodeName> node, String text);

    /**
     * A step is under way; where it is worth a line, {@link #progress} tells its title next. The
     * steps of an operation have different numbers.
     */
    default void begun(long operation, int step, Optional<NodeName> node, String title) {}

    /** A step that was begun is done. */
    default void done(long operation, int step) {}

    /** A step that was begun is not done; {@link #progress} told why. */
    default void failed(long operation, int step) {}

    /** That nothing is begun yet, and what is waited for. */
    default void waiting(String text) {}
}
