package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import xlctl.topology.NodeName;

/**
 * What a command will do. Plain data without secrets: shown, stored and run as it is.
 *
 * @param title the command, in the command language
 * @param steps numbered from 0, stage by stage
 * @param commit the number of the step that is the commit point. What fails before it is undone,
 *     what comes after it only goes forward. Empty for a plan whose steps stand for themselves:
 *     nothing is undone, and one that fails does not stop the others
 */
public record Plan(String title, List<Step> steps, OptionalInt commit) {
    public Plan {
        requireNonNull(title, "title is null");
        requireNonNull(commit, "commit is null");
        steps = List.copyOf(steps);
        int stage = 0;
        for (int number = 0; number < steps.size(); number++) {
            Step step = steps.get(number);
            if (step.number() != number || step.stage() < stage) {
                throw new IllegalArgumentException(
                        "step " + number + " of \"" + title + "\" is out of order: " + step);
            }
            stage = step.stage();
            boolean commits = commit.isPresent() && commit.getAsInt() == number;
            if (commits != step.action() instanceof Action.Commit) {
                throw new IllegalArgumentException(
                        "\"" + title + "\" has another commit point than step " + commit);
            }
        }
    }

    /** Whether the step's work is undone when the plan fails before its commit point. */
    public boolean beforeCommit(Step step) {
        return commit.isPresent() && step.number() < commit.getAsInt();
    }

    /** The node that it adds to the topology, if it adds one. */
    public Optional<NodeName> adds() {
        return steps.stream()
                .filter(step -> step.action() instanceof Action.Commit)
                .map(step -> ((Action.Commit) step.action()).change())
                .filter(change -> change instanceof TopologyChange.Add)
                .map(change -> ((TopologyChange.Add) change).node().name())
                .findFirst();
    }

    /** The steps that run at the same time, stage after stage. */
    public List<List<Step>> stages() {
        List<List<Step>> stages = new ArrayList<>();
        for (Step step : steps) {
            boolean first =
                    step.number() == 0 || steps.get(step.number() - 1).stage() != step.stage();
            if (first) {
                stages.add(new ArrayList<>());
            }
            stages.get(stages.size() - 1).add(step);
        }
        return stages;
    }
}
