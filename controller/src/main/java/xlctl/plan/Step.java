package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.topology.NodeName;

/**
 * One idempotent piece of a plan.
 *
 * @param stage steps of one stage run at the same time, once every step of the stages before it has
 *     ended
 * @param title what it does, for people
 * @param node the member it is for, where it is for one
 * @param after nodes that must be in the topology before it begins: commands that run at the same
 *     time may still be adding them
 * @param undo what takes it back, also when it was begun and never finished
 */
public record Step(
        int number,
        int stage,
        String title,
        Optional<NodeName> node,
        Action action,
        List<NodeName> after,
        Optional<Action> undo) {
    public Step {
        requireNonNull(title, "title is null");
        requireNonNull(node, "node is null");
        requireNonNull(action, "action is null");
        after = List.copyOf(after);
        requireNonNull(undo, "undo is null");
    }
}
