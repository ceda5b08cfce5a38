package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import xlctl.topology.NodeName;

/**
 * One idempotent piece of a plan.
 *
 * @param title what it does, for people
 * @param node the member it is for, where it is for one
 * @param undo what takes it back, also when it was begun and never finished
 * @param after the numbers of the steps that must have ended first
 */
public record Step(
        int number,
        String title,
        Optional<NodeName> node,
        Action action,
        Optional<Action> undo,
        Set<Integer> after) {
    public Step {
        requireNonNull(title, "title is null");
        requireNonNull(node, "node is null");
        requireNonNull(action, "action is null");
        requireNonNull(undo, "undo is null");
        after = Collections.unmodifiableSet(new TreeSet<>(after));
    }
}
