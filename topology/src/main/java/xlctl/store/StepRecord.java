package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * The journal of one step.
 *
 * @param detail what it found, did or failed with, for people; without secrets
 */
public record StepRecord(
        int step,
        State state,
        int attempt,
        Optional<Instant> started,
        Optional<Instant> finished,
        String detail) {
    /** Written before and after each step. */
    public enum State {
        PENDING,
        RUNNING,
        DONE,
        FAILED,
        UNDONE
    }

    public StepRecord {
        requireNonNull(state, "state is null");
        requireNonNull(started, "started is null");
        requireNonNull(finished, "finished is null");
        requireNonNull(detail, "detail is null");
    }

    public static StepRecord pending(int step) {
        return new StepRecord(step, State.PENDING, 0, Optional.empty(), Optional.empty(), "");
    }
}
