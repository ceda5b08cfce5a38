package xlctl.controller;

import java.util.List;
import java.util.Optional;
import xlctl.monitor.MemberView;
import xlctl.monitor.MemberView.Source;
import xlctl.monitor.Observer;
import xlctl.monitor.StoredTable;
import xlctl.monitor.TableLook;
import xlctl.store.ClusterSecrets;
import xlctl.store.ClusterStore;
import xlctl.store.StoreException;
import xlctl.store.Versioned;
import xlctl.topology.EngineKind;
import xlctl.topology.Instance;
import xlctl.topology.NodeKind;
import xlctl.topology.NodeName;
import xlctl.topology.Problem;
import xlctl.topology.SqlName;
import xlctl.topology.Topology;

/** What tables have rows on a datanode. */
final class DatanodeTables {
    private final ClusterStore store;
    private final Observer observer;

    DatanodeTables(ClusterStore store, Observer observer) {
        this.store = store;
        this.observer = observer;
    }

    /** As {@link Controller#storedTables} says. */
    List<StoredTable> of(NodeName datanode, SqlName database, Optional<SqlName> owner) {
        requireDatanodeOfStockEngine(datanode);
        Instance asked = coordinatorThatAnswers();
        ClusterSecrets secrets =
                store.secrets()
                        .map(Versioned::value)
                        .orElseThrow(
                                () ->
                                        new StoreException.Unreadable(
                                                "cluster "
                                                        + store.cluster()
                                                        + " has a topology, but its passwords are"
                                                        + " gone from ZooKeeper; restore them from"
                                                        + " a backup",
                                                null));
        try {
            return new TableLook().on(datanode, database, owner, asked.address(), secrets);
        } catch (TableLook.UnansweredException e) {
            String what =
                    asked.name().node()
                            + " does not tell what "
                            + datanode
                            + " has of database "
                            + database
                            + ": "
                            + e.getMessage();
            if (e.isUnreachable()) {
                throw new UnreachableException(Problem.of(what, "see whether both run: status"));
            }
            throw new RefusedException(
                    Problem.of(
                            what,
                            e.isTurnedAway()
                                    ? "give this command on a machine that lies in networks.cluster,"
                                            + " one of the cluster's hosts say"
                                    : "see whether both have the database: createdb makes it"));
        }
    }

    private void requireDatanodeOfStockEngine(NodeName datanode) {
        Optional<Topology> topology = store.topology().map(Versioned::value);
        EngineKind engine = topology.map(Topology::engine).orElse(EngineKind.POSTGRESQL);
        if (topology.flatMap(found -> found.node(datanode))
                .filter(node -> node.kind() == NodeKind.DATANODE)
                .isEmpty()) {
            throw new RefusedException(
                    Problem.of(datanode + " is not a datanode", "see which there are: status"));
        }
        if (engine != EngineKind.POSTGRESQL) {
            throw new RefusedException(
                    Problem.of(
                            "what a datanode of the engine " + engine + " has is not looked up",
                            "ask its catalog: Psql -c 'SELECT pcrelid::regclass, pclocatortype,"
                                    + " nodeoids FROM pgxc_class'"));
        }
    }

    /** One that runs; else one of whom nobody knows. */
    private Instance coordinatorThatAnswers() {
        List<MemberView> coordinators =
                observer.look().members().stream()
                        .filter(member -> member.kind() == NodeKind.COORDINATOR)
                        .toList();
        Optional<MemberView> coordinator =
                coordinators.stream()
                        .filter(MemberView::running)
                        .findFirst()
                        .or(
                                () ->
                                        coordinators.stream()
                                                .filter(each -> each.source() == Source.NOBODY)
                                                .findFirst());
        if (coordinators.isEmpty()) {
            throw new RefusedException(
                    Problem.of(
                            "the cluster has no coordinator that could be asked",
                            "add coordinator master makes one"));
        }
        if (coordinator.isEmpty()) {
            throw new UnreachableException(
                    Problem.of("no coordinator runs that could be asked", "start coordinator all"));
        }
        return coordinator.get().instance();
    }
}
