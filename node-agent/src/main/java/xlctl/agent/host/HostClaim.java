package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.Presence;
import xlctl.topology.HostName;
import xlctl.topology.Problem;

/**
 * Whether this agent is the one of its host, by who is announced as that. An agent that was never
 * announced gives way to one that lives; one that was is the elder. A crashed agent's announcement
 * has the same key and is taken over at once, as long as nobody takes it back. Where two were
 * announced long ago, because one was cut off, the one that says that it was started later gives
 * way. Knows no clock: times are of {@link System#nanoTime}. Used by one thread, {@link #objection}
 * by any.
 */
final class HostClaim {
    /** How long after a session's end at the latest ZooKeeper notices it. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    /** How long an agent may take to see that another has taken its place, and to take it back. */
    private static final Duration ANSWER = Duration.ofSeconds(3);

    private final HostName host;
    private final String hostKey;
    private final Instant since;
    private Optional<Long> waitingFrom = Optional.empty();
    private Optional<Long> firstHeld = Optional.empty();
    private volatile Optional<Long> takenOver = Optional.empty();
    private volatile Optional<String> outdoneBy = Optional.of("nobody was asked yet");

    /**
     * @param since when this agent was started: it tells its announcements from those of others
     *     with its key
     */
    HostClaim(HostName host, String hostKey, Instant since) {
        this.host = requireNonNull(host, "host is null");
        this.hostKey = requireNonNull(hostKey, "hostKey is null");
        this.since = requireNonNull(since, "since is null");
    }

    /** What is to be done about an announcement. */
    sealed interface Verdict permits Announce, Wait, GiveWay {}

    /**
     * This agent is to be announced.
     *
     * @param again whether its announcement is not there as it should be
     * @param insteadOf whose announcement is taken over
     */
    record Announce(boolean again, Optional<String> insteadOf) implements Verdict {}

    /** Another is announced and may go. */
    record Wait(String why) implements Verdict {}

    /** Another is at work as this host: this agent is one too many. */
    record GiveWay(Problem problem) implements Verdict {}

    /**
     * @param present who is announced now
     * @param session how long ZooKeeper keeps what a dead agent left
     */
    Verdict on(Optional<Presence> present, Duration session, long now) {
        Duration patience = session.plus(GRACE);
        if (present.isEmpty() || isThis(present.get())) {
            return held(present.isEmpty(), Optional.empty(), now);
        }
        if (present.get().hostKey().equals(hostKey)) {
            long recent = patience.toNanos() * 2;
            boolean newcomer = firstHeld.filter(first -> now - first < recent).isPresent();
            boolean takenBack = takenOver.filter(taken -> now - taken < recent).isPresent();
            if (newcomer || takenBack && present.get().since().isBefore(since)) {
                return giveWay(
                        describe(present.get())
                                + ", with the same key: the state directory of this one is a copy",
                        "a copy of a machine needs a host name and a state directory of its own");
            }
            takenOver = Optional.of(now);
            return held(true, Optional.of(describe(present.get())), now);
        }
        String other =
                describe(present.get())
                        + ", with the key "
                        + HostKeyFingerprint.of(present.get().hostKey());
        outdoneBy = Optional.of(other);
        if (firstHeld.isPresent()) {
            return new Wait(
                    other
                            + ": stop one of the two, or give this one another host name; until"
                            + " then it is not announced");
        }
        waitingFrom = Optional.of(waitingFrom.orElse(now));
        return now - waitingFrom.get() < patience.toNanos()
                ? new Wait(
                        other
                                + ": if it is dead, its session with ZooKeeper ends within "
                                + patience.toSeconds()
                                + " s, and this one waits for that")
                : giveWay(
                        other + ", and it lives: its session with ZooKeeper did not end",
                        "stop that one, or give this one another host name in its configuration");
    }

    /** Without ZooKeeper nobody knows who is announced; the next answer tells. */
    void cutOff() {
        outdoneBy = Optional.of("ZooKeeper was away, and nobody was asked since");
    }

    private Verdict held(boolean again, Optional<String> insteadOf, long now) {
        firstHeld = Optional.of(firstHeld.orElse(now));
        waitingFrom = Optional.empty();
        outdoneBy = Optional.empty();
        return new Announce(again, insteadOf);
    }

    private Verdict giveWay(String what, String remedy) {
        outdoneBy = Optional.of(what);
        return new GiveWay(Problem.of(what, remedy));
    }

    private boolean isThis(Presence present) {
        return present.hostKey().equals(hostKey) && present.since().equals(since);
    }

    private String describe(Presence other) {
        return "another agent is host "
                + host
                + " already: at "
                + other.agent()
                + other.process().map(pid -> ", process " + pid).orElse("")
                + ", since "
                + other.since();
    }

    /** Why a server that another agent may have started too is not to be started now. */
    Optional<String> objection(long now) {
        boolean contested = takenOver.filter(taken -> now - taken < ANSWER.toNanos()).isPresent();
        return outdoneBy.or(
                () ->
                        contested
                                ? Optional.of(
                                        "an announcement of this host was taken over just now, and"
                                                + " whoever made it may take it back")
                                : Optional.empty());
    }
}
