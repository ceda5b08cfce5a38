package xlctl.agent.host;

import java.util.Optional;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;

/**
 * Whether the agent may start a server by itself, after a crash of it, of the agent or of the host.
 * A master may be started only after its node state was read: another may have taken its place. And
 * only by the one agent that is announced as its host.
 */
final class StartPermission {
    private final StoreLink store;
    private final HostClaim claim;

    StartPermission(StoreLink store, HostClaim claim) {
        this.store = store;
        this.claim = claim;
    }

    /** What stands against starting it now; empty when nothing does. */
    Optional<Problem> objection(InstanceRecord record) {
        Optional<ClusterStore> connected = store.connected();
        if (connected.isEmpty()) {
            return Optional.of(waiting(record, store.trouble()));
        }
        Optional<String> rival = claim.objection(System.nanoTime());
        if (rival.isPresent()) {
            return Optional.of(
                    Problem.of(
                            record.name()
                                    + " is not started before this agent is announced as the one of"
                                    + " its host: "
                                    + rival.get(),
                            "wait a little; if it stays so, stop one of two agents"));
        }
        try {
            Optional<NodeState> state =
                    Optional.ofNullable(connected.get().nodeStates().get(record.name().node()))
                            .map(Versioned::value);
            return decide(record, state);
        } catch (StoreException e) {
            return Optional.of(waiting(record, e.getMessage()));
        }
    }

    static Optional<Problem> decide(InstanceRecord record, Optional<NodeState> state) {
        if (state.isEmpty()) {
            // Before its node is committed an instance is nobody's rival.
            return record.wasNamed()
                    ? Optional.of(
                            Problem.of(
                                    record.name()
                                            + " is not started: the store knows no state of node "
                                            + record.name().node()
                                            + ", which the agent has served",
                                    "if ZooKeeper lost its data, restore them; if the node was"
                                            + " removed, finish that operation"))
                    : Optional.empty();
        }
        if (!state.get().master().equals(record.name())) {
            return Optional.of(
                    Problem.of(
                            record.name()
                                    + " is not started: the master of "
                                    + record.name().node()
                                    + " is "
                                    + state.get().master()
                                    + " now",
                            "start it on purpose, or remove it"));
        }
        if (state.get().generation() < record.generation()) {
            return Optional.of(
                    Problem.of(
                            record.name()
                                    + " is not started: the store has generation "
                                    + state.get().generation()
                                    + " of its node, but it was started under "
                                    + record.generation(),
                            "the store went back in time: restore its newest data"));
        }
        return Optional.empty();
    }

    private static Problem waiting(InstanceRecord record, String why) {
        return Problem.of(
                record.name()
                        + " waits for ZooKeeper: a master is started only after its node state was"
                        + " read ("
                        + why
                        + ")",
                "start ZooKeeper, or see that this host reaches it");
    }
}
