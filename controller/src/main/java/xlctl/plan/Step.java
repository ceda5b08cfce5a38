package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.topology.NodeName;

/**
 * One idempotent piece of a plan.
 *
 * @param stage steps of one stage run at the same time, once every step of the stages before it has
 *     ended
 * @param title what it does, for people
 * @param node the member it is for, where it is for one
 * @param undo what takes it back, also when it was begun and never finished
 */
public record Step(
        int number,
        int stage,
        String title,
        Optional<NodeName> node,
        Action action,
        Optional<Action> undo) {
    public Step {
        requireNonNull(title, "title is null");
        requireNonNull(node, "node is null");
        requireNonNull(action, "action is null");
        requireNonNull(undo, "undo is null");
    }
}
