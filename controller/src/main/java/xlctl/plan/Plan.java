package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.OptionalInt;

/**
 * What a command will do. Plain data without secrets: shown, stored and run as it is.
 *
 * @param title the command, in the command language
 * @param steps numbered from 0, in an order that respects what each waits for
 * @param commit the number of the step that is the commit point. What fails before it is undone,
 *     what comes after it only goes forward. Empty for a plan whose steps stand for themselves:
 *     nothing is undone, and one that fails does not stop the others
 */
public record Plan(String title, List<Step> steps, OptionalInt commit) {
    public Plan {
        requireNonNull(title, "title is null");
        requireNonNull(commit, "commit is null");
        steps = List.copyOf(steps);
        for (int number = 0; number < steps.size(); number++) {
            Step step = steps.get(number);
            int expected = number;
            if (step.number() != number
                    || step.after().stream().anyMatch(earlier -> earlier >= expected)) {
                throw new IllegalArgumentException(
                        "step " + number + " of \"" + title + "\" is out of order: " + step);
            }
        }
        if (commit.isPresent()
                && (commit.getAsInt() >= steps.size()
                        || !(steps.get(commit.getAsInt()).action() instanceof Action.Commit))) {
            throw new IllegalArgumentException(
                    "the commit point of \"" + title + "\" is no commit: " + commit);
        }
    }

    /** Whether the step comes before the commit point, so that its work can be undone. */
    public boolean beforeCommit(Step step) {
        return commit.isPresent() && step.number() < commit.getAsInt();
    }
}
