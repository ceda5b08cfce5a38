package xlctl.agent.host;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import xlctl.store.Change;
import xlctl.store.ClusterStore;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.Presence;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.InstanceName;
import xlctl.topology.InstanceReport;

/**
 * Publishes the agent's presence and what it finds its instances to be, for as long as its session
 * lives, written when something changed. One thread.
 */
final class Announcer implements AutoCloseable {
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(1);

    private final StoreLink store;
    private final Supplier<Presence> presence;
    private final Supplier<List<InstanceReport>> reports;
    private final Runnable cameUp;
    private final Loop loop = new Loop("xlctl-announcer", Duration.ZERO, this::round);
    private final SessionRecord<Presence> presenceRecord;
    private final Map<InstanceName, SessionRecord<InstanceReport>> records = new HashMap<>();
    private final Map<InstanceName, InstanceReport> last = new HashMap<>();
    private boolean published;

    /**
     * @param hostKey the SSH host key of this agent, by which its own presence is known
     * @param cameUp called when an instance answers that did not before
     */
    Announcer(
            HostName host,
            String hostKey,
            StoreLink store,
            Supplier<Presence> presence,
            Supplier<List<InstanceReport>> reports,
            Runnable cameUp) {
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
    private boolean publish(ClusterStore open, List<InstanceReport> now, boolean recheck) {
        boolean done = presenceRecord.publish(open, presence.get(), recheck);
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

    private record PresenceAccess(HostName host, String hostKey)
            implements SessionRecord.Access<Presence> {
        /**
         * What an earlier session of this agent left has its key; that of another agent has not.
         */
        @Override
        public Optional<String> owner(Presence present) {
            return present.hostKey().equals(hostKey)
                    ? Optional.empty()
                    : Optional.of(
                            "another agent is host "
                                    + host
                                    + " now, at "
                                    + present.agent()
                                    + " with the key "
                                    + HostKeyFingerprint.of(present.hostKey())
                                    + ", connected since "
                                    + present.since()
                                    + ": stop one of the two, or give this one another host name;"
                                    + " until then it is not announced");
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
