package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.Presence;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;
import xlctl.topology.Problem;

/**
 * Publishes the agent's presence and what it finds its instances to be, for as long as its session
 * lives, written when something changed. One thread.
 */
final class Announcer implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);

    private final HostName host;
    private final HostClaim claim;
    private final StoreLink store;
    private final Supplier<Presence> presence;
    private final Supplier<List<InstanceReport>> reports;
    private final Runnable cameUp;
    private final Consumer<Problem> giveWay;
    private final Loop loop = new Loop("xlctl-announcer", Duration.ZERO, this::round);
    private final SessionRecord<Presence> presenceRecord;
    private final Map<InstanceName, SessionRecord<InstanceReport>> records = new HashMap<>();
    private final Map<InstanceName, InstanceReport> last = new HashMap<>();
    private boolean published;
    private String waitsFor = "";

    /**
     * @param hostKey the SSH host key of this agent, by which its own presence is known
     * @param cameUp called when an instance answers that did not before
     * @param giveWay called when another agent is at work as this host; nothing is published then
     */
    Announcer(
            HostName host,
            String hostKey,
            HostClaim claim,
            StoreLink store,
            Supplier<Presence> presence,
            Supplier<List<InstanceReport>> reports,
            Runnable cameUp,
            Consumer<Problem> giveWay) {
        this.host = requireNonNull(host, "host is null");
        this.claim = requireNonNull(claim, "claim is null");
        this.giveWay = requireNonNull(giveWay, "giveWay is null");
        this.store = requireNonNull(store, "store is null");
        this.presence = requireNonNull(presence, "presence is null");
        this.reports = requireNonNull(reports, "reports is null");
        this.cameUp = requireNonNull(cameUp, "cameUp is null");
        this.presenceRecord =
                new SessionRecord<>("the presence of " + host, new PresenceAccess(host, hostKey));
    }

    void start() {
        loop.start();
    }

    /** Asks for a look at everything soon. Does not block. */
    void wake() {
        loop.wake();
    }

    boolean isAtWork() {
        return loop.isAtWork();
    }

    @Override
    public void close() {
        loop.close();
    }

    private Duration round(boolean woken) {
        boolean recheck = woken || !published;
        published = false;
        List<InstanceReport> now = reports.get();
        if (now.stream().anyMatch(this::isNewlyUp)) {
            cameUp.run();
        }
        last.clear();
        now.forEach(report -> last.put(report.instance(), report));
        Optional<ClusterStore> connected = store.connected();
        if (connected.isEmpty()) {
            claim.cutOff();
        }
        published = connected.isPresent() && publish(connected.get(), now, recheck);
        return LOOK_AGAIN;
    }

    private boolean isNewlyUp(InstanceReport report) {
        return report.state() == InstanceReport.State.UP
                && Optional.ofNullable(last.get(report.instance()))
                        .filter(before -> before.state() == InstanceReport.State.UP)
                        .isEmpty();
    }

    /** Whether the store holds everything now. */
    private boolean publish(ClusterStore open, List<InstanceReport> now, boolean asked) {
        Optional<HostClaim.Announce> announce = claimed(open);
        if (announce.isEmpty()) {
            return false;
        }
        boolean recheck = asked || announce.get().again();
        if (!presenceRecord.publish(open, presence.get(), recheck)) {
            return false;
        }
        boolean done = true;
        Set<InstanceName> gone = new HashSet<>(records.keySet());
        for (InstanceReport report : now) {
            InstanceName name = report.instance();
            SessionRecord<InstanceReport> record =
                    records.computeIfAbsent(
                            name,
                            key ->
                                    new SessionRecord<>(
                                            "the report of " + key, new ReportAccess(key)));
            done &= record.publish(open, report, recheck);
            gone.remove(name);
        }
        for (InstanceName name : gone) {
            if (records.get(name).withdraw(open)) {
                records.remove(name);
            } else {
                done = false;
            }
        }
        return done;
    }

    /** Whether this agent is the one of its host, and so is to be announced. */
    private Optional<HostClaim.Announce> claimed(ClusterStore open) {
        HostClaim.Verdict verdict;
        try {
            verdict =
                    claim.on(
                            open.presence(host).map(Versioned::value),
                            open.tree().sessionTimeout(),
                            System.nanoTime());
        } catch (StoreException e) {
            LOG.debug("who is announced as host {} is not known", host, e);
            return Optional.empty();
        }
        if (verdict instanceof HostClaim.Announce announce) {
            waitsFor = "";
            announce.insteadOf()
                    .ifPresent(
                            other ->
                                    LOG.warn(
                                            "{}, with the key of this one: what a crash has left,"
                                                    + " or a copy; taken over",
                                            other));
            return Optional.of(announce);
        }
        if (verdict instanceof HostClaim.Wait wait && !wait.why().equals(waitsFor)) {
            waitsFor = wait.why();
            LOG.warn("{}", waitsFor);
        }
        if (verdict instanceof HostClaim.GiveWay end) {
            giveWay.accept(end.problem());
        }
        return Optional.empty();
    }

    private record PresenceAccess(HostName host, String hostKey)
            implements SessionRecord.Access<Presence> {
        /**
         * What an earlier session of this agent left has its key; that of another agent has not.
         */
        @Override
        public Optional<String> owner(Presence present) {
            return present.hostKey().equals(hostKey)
                    ? Optional.empty()
                    : Optional.of("host " + host + " is another agent's");
        }

        @Override
        public Optional<Versioned<Presence>> read(ClusterStore store) {
            return store.presence(host);
        }

        @Override
        public void create(Change change, Presence value) {
            change.createPresence(value);
        }

        @Override
        public void replace(Change change, Presence value, int version) {
            change.replacePresence(value, version);
        }

        @Override
        public void delete(Change change, int version) {
            change.deletePresence(host, version);
        }
    }

    private record ReportAccess(InstanceName name) implements SessionRecord.Access<InstanceReport> {
        @Override
        public Optional<Versioned<InstanceReport>> read(ClusterStore store) {
            return store.instance(name);
        }

        @Override
        public void create(Change change, InstanceReport value) {
            change.createInstance(value);
        }

        @Override
        public void replace(Change change, InstanceReport value, int version) {
            change.replaceInstance(value, version);
        }

        @Override
        public void delete(Change change, int version) {
            change.deleteInstance(name, version);
        }
    }
}
