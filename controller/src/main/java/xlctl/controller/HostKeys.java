package xlctl.controller;

import java.time.Clock;
import java.util.Optional;
import xlctl.agent.api.Protocol;
import xlctl.monitor.EmptiedStore;
import xlctl.operation.Operations;
import xlctl.plan.KeyAction;
import xlctl.plan.Plan;
import xlctl.session.Agents;
import xlctl.store.ClusterStore;
import xlctl.store.HostKeyFingerprint;
import xlctl.store.HostRecord;
import xlctl.store.Presence;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.HostPort;
import xlctl.topology.Problem;

/** Registers hosts with the key that their agents offer. */
final class HostKeys {
    private final ClusterStore store;
    private final Agents agents;
    private final Operations operations;
    private final Clock clock;

    HostKeys(ClusterStore store, Agents agents, Operations operations, Clock clock) {
        this.store = store;
        this.agents = agents;
        this.operations = operations;
        this.clock = clock;
    }

    HostKeyOffer offered(HostName host, Optional<HostPort> agent) {
        Optional<HostRecord> record = registered(host).map(Versioned::value);
        Optional<Presence> presence =
                Optional.ofNullable(store.presence().get(host)).map(Versioned::value);
        HostPort address =
                agent.or(() -> presence.map(Presence::agent))
                        .or(() -> record.map(HostRecord::agent))
                        .orElseGet(() -> new HostPort(host, Protocol.DEFAULT_PORT));
        String key = agents.offeredKey(host, address);
        return new HostKeyOffer(
                host,
                address,
                key,
                HostKeyFingerprint.of(key),
                presence.map(present -> HostKeyFingerprint.of(present.hostKey())),
                presence.map(Presence::place).orElseGet(() -> record.flatMap(HostRecord::place)),
                record);
    }

    HostRecord accept(HostKeyOffer offer) {
        offer.contradiction()
                .ifPresent(
                        problem -> {
                            throw new RefusedException(problem);
                        });
        EmptiedStore.in(store)
                .ifPresent(
                        problem -> {
                            throw new RefusedException(problem);
                        });
        Optional<Versioned<HostRecord>> present = registered(offer.host());
        if (!present.map(Versioned::value).equals(offer.accepted())) {
            throw changed(offer.host());
        }
        if (offer.alreadyAccepted()) {
            return present.get().value();
        }
        HostRecord record =
                new HostRecord(
                        offer.host(),
                        offer.agent(),
                        offer.hostKey(),
                        clock.instant(),
                        offer.place(),
                        offer.accepted().flatMap(HostRecord::service));
        agents.stranger(record)
                .ifPresent(
                        problem -> {
                            throw new RefusedException(problem);
                        });
        try {
            if (present.isPresent()) {
                store.change().replaceHost(record, present.get().version()).commit();
            } else {
                requireThatKeysStay(offer.host());
                store.change().createHost(record).commit();
            }
        } catch (StoreException.Stale e) {
            throw changed(offer.host());
        }
        return record;
    }

    /** Only the agents that were registered before are told of another one. */
    private void requireThatKeysStay(HostName host) {
        store.operations().values().stream()
                .map(Versioned::value)
                .filter(operation -> operation.state().open())
                .filter(operation -> replacesKey(operations.planOf(operation.number())))
                .findFirst()
                .ifPresent(
                        open -> {
                            throw new RefusedException(
                                    Problem.of(
                                            "host "
                                                    + host
                                                    + " cannot be registered while operation "
                                                    + open.number()
                                                    + " replaces a shell's key: its agent would not"
                                                    + " be told of the new one",
                                            "when it has ended, try again; operation show "
                                                    + open.number()
                                                    + " tells how far it is"));
                        });
    }

    private static boolean replacesKey(Plan plan) {
        return plan.steps().stream().anyMatch(step -> step.action() instanceof KeyAction);
    }

    private Optional<Versioned<HostRecord>> registered(HostName host) {
        return Optional.ofNullable(store.hosts().get(host));
    }

    private static RefusedException changed(HostName host) {
        return new RefusedException(
                Problem.of(
                        "host " + host + " was registered by someone else in the meantime",
                        "look at it with: host list"));
    }
}
