package xlctl.agent.api;

import static java.util.Objects.requireNonNull;

import xlctl.topology.Problem;

/**
 * What is left on a server of a node that is gone, because users still use it. Only they can end
 * that.
 *
 * @param node its name there, which users may have changed
 * @param problem which is used by what, and what to do
 */
public record Leftover(String node, Problem problem) {
    public Leftover {
        requireNonNull(node, "node is null");
        requireNonNull(problem, "problem is null");
    }
}
