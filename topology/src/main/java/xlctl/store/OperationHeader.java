package xlctl.store;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.Optional;

/**
 * What is known of an operation as a whole. Its steps are {@link StepRecord}s.
 *
 * @param number counts the cluster's operations from 1
 * @param command what was asked for, in the command language, without secrets
 * @param attempt starts at 1 and grows with every resume and rollback; agents refuse a lower one
 * @param result what came out, for people; empty while it is open
 */
public record OperationHeader(
        long number,
        String command,
        String who,
        String from,
        Instant started,
        State state,
        int attempt,
        Optional<Instant> finished,
        String result) {
    /** Where an operation stands. While one is open, nothing else may change the cluster. */
    public enum State {
        /** Its steps are being done, or whoever did them went away. */
        RUNNING(true),
        /** Its steps are being undone, or whoever undid them went away. */
        UNDOING(true),
        /** A step failed past the commit point: it can only be resumed. */
        STUCK(true),
        DONE(false),
        /** It failed before its commit point and left nothing behind. */
        UNDONE(false),
        /** It has no commit point, and some of its members are not as asked. */
        FAILED(false);

        private final boolean open;

        State(boolean open) {
            this.open = open;
        }

        public boolean open() {
            return open;
        }
    }

    public OperationHeader {
        requireNonNull(command, "command is null");
        requireNonNull(who, "who is null");
        requireNonNull(from, "from is null");
        requireNonNull(started, "started is null");
        requireNonNull(state, "state is null");
        requireNonNull(finished, "finished is null");
        requireNonNull(result, "result is null");
    }

    public OperationHeader with(State newState, int newAttempt) {
        return new OperationHeader(
                number, command, who, from, started, newState, newAttempt, finished, result);
    }

    public OperationHeader finished(State end, Instant when, String how) {
        return new OperationHeader(
                number, command, who, from, started, end, attempt, Optional.of(when), how);
    }
}
