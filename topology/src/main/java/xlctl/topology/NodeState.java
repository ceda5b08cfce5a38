package xlctl.topology;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Who is master of a node now. An agent starts a master only after it has read this.
 *
 * @param master the instance that may accept writes
 * @param generation grows by one with every change of the master, from 1; whoever acts on an older
 *     one is refused
 * @param phase where a change of master stands
 * @param since when this state was written
 * @param why what brought it about, for people
 */
public record NodeState(
        InstanceName master, long generation, Phase phase, Instant since, String why) {
    /** Where a change of master stands. */
    public enum Phase {
        STABLE
    }

    public NodeState {
        requireNonNull(master, "master is null");
        requireNonNull(phase, "phase is null");
        requireNonNull(since, "since is null");
        requireNonNull(why, "why is null");
        if (generation < 1) {
            throw new InvalidValueException(
                    "the generation of " + master + " starts at 1, not " + generation);
        }
    }

    public static NodeState first(InstanceName master, Instant since, String why) {
        return new NodeState(master, 1, Phase.STABLE, since, why);
    }

    public Role roleOf(InstanceName instance) {
        return master.equals(instance) ? Role.MASTER : Role.SLAVE;
    }
}
