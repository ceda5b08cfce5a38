package xlctl.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.topology.NodeName;

/** Numbers the steps of a plan as they are added. */
final class PlanBuilder {
    private final String title;
    private final List<Step> steps = new ArrayList<>();
    private OptionalInt commit = OptionalInt.empty();
    private List<NodeName> after = List.of();
    private int stage;

    PlanBuilder(String title) {
        this.title = title;
    }

    PlanBuilder step(String what, Optional<NodeName> node, Action action) {
        return step(what, node, action, Optional.empty());
    }

    PlanBuilder step(String what, Optional<NodeName> node, Action action, Optional<Action> undo) {
        steps.add(new Step(steps.size(), stage, what, node, action, after, undo));
        return this;
    }

    /** What is added from here on waits for these nodes. */
    PlanBuilder waitingFor(List<NodeName> nodes) {
        after = List.copyOf(nodes);
        return this;
    }

    /** What is added from here on waits for everything added before, and for these nodes. */
    PlanBuilder thereafterWith(List<NodeName> nodes) {
        return waitingFor(nodes).thereafter();
    }

    PlanBuilder commit(String what, Optional<NodeName> node, TopologyChange change) {
        commit = OptionalInt.of(steps.size());
        return step(what, node, new Action.Commit(change));
    }

    /** What is added from here on waits for everything added before. */
    PlanBuilder thereafter() {
        stage++;
        return this;
    }

    Plan build() {
        return new Plan(title, steps, commit);
    }
}
