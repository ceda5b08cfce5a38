package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.agent.api.ControllerKey;
import xlctl.topology.Problem;

/**
 * What is known of the SSH key of the home that plans.
 *
 * @param present the public half of the key in use; empty when it cannot be read
 * @param former of one that was replaced before, and that agents may still let in
 * @param fresh of one that was to replace it, and was left behind
 * @param problems why it cannot be replaced
 */
public record OwnKeyFacts(
        Optional<ControllerKey> present,
        Optional<ControllerKey> former,
        Optional<ControllerKey> fresh,
        List<Problem> problems) {
    public OwnKeyFacts {
        requireNonNull(present, "present is null");
        requireNonNull(former, "former is null");
        requireNonNull(fresh, "fresh is null");
        problems = List.copyOf(problems);
        if (present.isEmpty() && problems.isEmpty()) {
            throw new IllegalArgumentException("a key that is not there is a problem");
        }
    }
}
