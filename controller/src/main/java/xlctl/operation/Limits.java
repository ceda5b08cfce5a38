package xlctl.operation;

import static java.util.Objects.requireNonNull;

import java.time.Duration;

/**
 * How long an operation waits.
 *
 * @param step for one step, from its first sending to its answer
 * @param agent for an agent that is not reached to come back
 * @param newcomer for the agent of a new service to be reached once it is connected to ZooKeeper:
 *     its name has an address only after its first health check
 * @param store for a lost connection to ZooKeeper to come back
 * @param server for a server to start or stop: less than for a step, so that its agent tells why
 * @param ddlLock for the longest that an operation keeps DDL out of a cluster
 * @param lock for the cluster's lock while someone else has it
 */
public record Limits(
        Duration step,
        Duration agent,
        Duration newcomer,
        Duration store,
        Duration server,
        Duration ddlLock,
        Duration lock) {
    public Limits {
        requireNonNull(step, "step is null");
        requireNonNull(agent, "agent is null");
        requireNonNull(newcomer, "newcomer is null");
        requireNonNull(store, "store is null");
        requireNonNull(server, "server is null");
        requireNonNull(ddlLock, "ddlLock is null");
        requireNonNull(lock, "lock is null");
    }

    /** What follows from how long one step may take and the lock is waited for. */
    public static Limits forSteps(Duration step, Duration lock) {
        return new Limits(
                step,
                Duration.ofSeconds(5),
                Duration.ofSeconds(30),
                Duration.ofSeconds(20),
                step.multipliedBy(9).dividedBy(10),
                step.multipliedBy(2),
                lock);
    }
}
