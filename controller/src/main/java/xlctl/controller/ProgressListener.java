package xlctl.controller;

import java.util.Optional;
import xlctl.topology.NodeName;

/**
 * Hears how operations go. Called on the controller's threads, one call at a time; it must not
 * block.
 */
@FunctionalInterface
public interface ProgressListener {
    ProgressListener SILENT = (operation, node, text) -> {};

    void progress(long operation, Optional<NodeName> node, String text);

    /** That nothing is begun yet, and what is waited for. */
    default void waiting(String text) {}
}
