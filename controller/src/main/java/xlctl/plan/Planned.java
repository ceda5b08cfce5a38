package xlctl.plan;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import xlctl.topology.Problem;

/** A plan, or every reason why there is none. */
public record Planned(Optional<Plan> plan, List<Refusal> refusals) {
    public Planned {
        requireNonNull(plan, "plan is null");
        refusals = List.copyOf(refusals);
        if (plan.isPresent() != refusals.isEmpty()) {
            throw new IllegalArgumentException("either a plan or reasons why not: " + refusals);
        }
    }

    static Planned ready(Plan plan) {
        return new Planned(Optional.of(plan), List.of());
    }

    static Planned refused(List<Refusal> refusals) {
        return new Planned(Optional.empty(), refusals);
    }

    public List<Problem> problems() {
        return refusals.stream().map(Refusal::problem).collect(Collectors.toUnmodifiableList());
    }

    /** Whether it would be refused for nothing else than what does not answer. */
    public boolean onlyUnreachable() {
        return !refusals.isEmpty()
                && refusals.stream()
                        .allMatch(refusal -> refusal.kind() == Refusal.Kind.UNREACHABLE);
    }
}
