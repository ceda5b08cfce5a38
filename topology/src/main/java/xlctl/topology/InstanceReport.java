package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What the agent that owns an instance found it to be.
 *
 * @param role what the server itself says it is; empty when it does not answer
 * @param timeline the WAL timeline, where the engine has one and the server answers
 * @param pid the server's first process, where one lives
 * @param since when {@code state} was first seen
 * @param why what keeps the instance from being up, for people; empty when nothing does
 * @param notes what an operator should know of it although it is up
 */
public record InstanceReport(
        InstanceName instance,
        State state,
        Optional<Role> role,
        Optional<Long> timeline,
        Optional<Long> pid,
        Instant since,
        String why,
        List<String> notes) {
    /** Whether the server does its work. */
    public enum State {
        /** It answers queries. */
        UP,
        /** Its process lives but does not answer yet. */
        STARTING,
        /** Its process lives and does not answer, and it is not because it starts. */
        SILENT,
        /** It answers its agent with an error. */
        REFUSING,
        /** It was asked to stop, and its process lives. */
        STOPPING,
        /** It should run and does not. */
        DOWN,
        /** It was stopped on purpose. */
        STOPPED,
        /** Its data directory is prepared, it was never started. */
        PREPARED
    }

    public InstanceReport {
        requireNonNull(instance, "instance is null");
        requireNonNull(state, "state is null");
        requireNonNull(role, "role is null");
        requireNonNull(timeline, "timeline is null");
        requireNonNull(pid, "pid is null");
        requireNonNull(since, "since is null");
        requireNonNull(why, "why is null");
        notes = List.copyOf(notes);
    }
}
