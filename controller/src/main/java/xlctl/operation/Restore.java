package xlctl.operation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import xlctl.store.Backup;
import xlctl.store.HeldInstance;
import xlctl.store.HostRecord;
import xlctl.store.Lineage;
import xlctl.store.OperationHeader;
import xlctl.store.Presence;
import xlctl.store.Snapshot;
import xlctl.store.Versioned;
import xlctl.topology.HostName;
import xlctl.topology.Instance;
import xlctl.topology.InstanceName;
import xlctl.topology.Node;
import xlctl.topology.NodeName;
import xlctl.topology.NodeState;
import xlctl.topology.Problem;
import xlctl.topology.Topology;

/**
 * What putting a backup back comes to, beside the records that are there and what agents say that
 * they hold. Decides only.
 *
 * @param differences what is there and not as in the backup
 * @param complete whether everything of it is there already
 * @param unknown instances that agents hold and the backup does not know
 * @param foreign instances that agents hold of another cluster of the name
 * @param version that the topology is to have: above all that agents remember
 * @param states with generations that are not below what agents remember
 * @param absent hosts of the backup whose agents did not say what they hold
 */
record Restore(
        List<String> differences,
        boolean complete,
        List<String> unknown,
        List<String> foreign,
        int version,
        List<NodeState> states,
        Set<HostName> absent) {
    /** As many as one transaction holds; agents that remember more know it by the new life. */
    private static final int HIGHEST_VERSION = 1_000;

    /** More operations than this were hardly begun since the backup. */
    private static final long OPERATIONS_SINCE = 1_000;

    Restore {
        differences = List.copyOf(differences);
        unknown = List.copyOf(unknown);
        foreign = List.copyOf(foreign);
        states = List.copyOf(states);
        absent = new TreeSet<>(absent);
    }

    static Restore of(
            Backup.Records backup, Snapshot now, Map<HostName, Versioned<Presence>> presence) {
        Set<InstanceName> known =
                backup.topology().instances().map(Instance::name).collect(Collectors.toSet());
        List<String> unknown = new ArrayList<>();
        List<String> foreign = new ArrayList<>();
        Map<NodeName, Long> generations = new HashMap<>();
        int highest = backup.topologyVersion();
        for (Versioned<Presence> agent : presence.values()) {
            for (HeldInstance held : agent.value().held().orElse(List.of())) {
                String what = held.instance().node() + " on host " + agent.value().host();
                if (!known.contains(held.instance())) {
                    unknown.add(what);
                }
                if (isForeign(held, backup.lineage())) {
                    foreign.add(what);
                }
                highest = Math.max(highest, held.topology());
                generations.merge(held.instance().node(), held.generation(), Math::max);
            }
        }
        List<NodeState> states =
                backup.nodeStates().stream().map(state -> raised(state, generations)).toList();
        List<String> differences = differences(backup, now);
        Set<HostName> absent = new TreeSet<>(backup.topology().hosts());
        presence.values().stream()
                .filter(agent -> agent.value().held().isPresent())
                .forEach(agent -> absent.remove(agent.value().host()));
        return new Restore(
                differences,
                now.topology().isPresent() && differences.isEmpty(),
                unknown.stream().sorted().toList(),
                foreign.stream().sorted().toList(),
                Math.min(highest + 1, HIGHEST_VERSION),
                states,
                absent);
    }

    /** What may not be; empty when it may. */
    List<Problem> objections(boolean older) {
        List<Problem> problems = new ArrayList<>();
        if (!differences.isEmpty()) {
            problems.add(
                    Problem.of(
                            "ZooKeeper has other records of this cluster than the backup: "
                                    + String.join("; ", differences),
                            "a backup is put back where nothing else is: nothing was written"));
        }
        if (!foreign.isEmpty()) {
            problems.add(
                    Problem.of(
                            "these were members of another cluster of this name: "
                                    + String.join(", ", foreign),
                            "use the backup of that one, or the ZooKeeper that these agents belong"
                                    + " to"));
        }
        if (!unknown.isEmpty() && !older) {
            problems.add(
                    Problem.of(
                            "the backup is older than the cluster: it does not know "
                                    + String.join(", ", unknown),
                            "use a newer backup; or restore FILE --older, which leaves these as they"
                                    + " are and out of the cluster"));
        }
        return problems;
    }

    List<String> notices(Backup.Records backup) {
        List<String> notices = new ArrayList<>();
        for (HostName host : absent) {
            notices.add(
                    "the agent of "
                            + host
                            + " is not connected: what it holds was not compared with the backup;"
                            + " see status once it is back");
        }
        unknown.forEach(
                each -> notices.add(each + " is left as it is; the backup does not know it"));
        for (String open : backup.open()) {
            notices.add(
                    "operation "
                            + open
                            + " was open when the backup was taken, and cannot be resumed: see"
                            + " status for what it left");
        }
        return notices;
    }

    /** The life that begins with it. */
    static Lineage lineageAfter(Backup.Records backup) {
        // One that never had a lineage is of an older xlctl, and so are its agents' memories.
        return backup.lineage()
                .map(Lineage::anew)
                .orElseGet(() -> new Lineage("before-lineages", "").anew());
    }

    /** For the history; its number is above those that agents know from before. */
    static OperationHeader entry(
            Backup backup, Snapshot now, Operator operator, Instant when, String result) {
        long number =
                Math.max(backup.records().lastOperation() + OPERATIONS_SINCE, now.lastOperation())
                        + 1;
        return new OperationHeader(
                number,
                "restore of the backup of " + backup.taken(),
                operator.who(),
                operator.from(),
                when,
                OperationHeader.State.DONE,
                1,
                Optional.of(when),
                result);
    }

    static boolean isSame(HostRecord one, HostRecord other) {
        return one.agent().equals(other.agent())
                && one.hostKey().equals(other.hostKey())
                && one.place().equals(other.place())
                && one.service().equals(other.service());
    }

    private static boolean isForeign(HeldInstance held, Optional<Lineage> backup) {
        return held.lineage().isPresent()
                && backup.isPresent()
                && !held.lineage().get().founding().equals(backup.get().founding());
    }

    private static NodeState raised(NodeState state, Map<NodeName, Long> generations) {
        long generation =
                Math.max(
                        state.generation(),
                        generations.getOrDefault(state.master().node(), state.generation()));
        return new NodeState(state.master(), generation, state.phase(), state.since(), state.why());
    }

    /** What is absent is no difference as long as there is no topology: that is written last. */
    private static List<String> differences(Backup.Records backup, Snapshot now) {
        List<String> found = new ArrayList<>();
        Map<NodeName, NodeState> states = new HashMap<>();
        backup.nodeStates().forEach(state -> states.put(state.master().node(), state));
        now.topology().ifPresent(there -> topology(backup.topology(), there.value(), found));
        now.nodeStates()
                .forEach(
                        (node, there) -> {
                            NodeState state = states.get(node);
                            if (state == null || !state.master().equals(there.value().master())) {
                                found.add("the state of node " + node + " is another");
                            }
                        });
        for (HostRecord host : backup.hosts()) {
            Optional<HostRecord> there =
                    Optional.ofNullable(now.hosts().get(host.host())).map(Versioned::value);
            if (there.isPresent() && !isSame(there.get(), host)) {
                found.add("host " + host.host() + " is registered differently");
            }
            if (there.isEmpty() && now.topology().isPresent()) {
                found.add("host " + host.host() + " is not registered");
            }
        }
        if (now.secrets().isPresent() && !now.secrets().get().value().equals(backup.secrets())) {
            found.add("the cluster's passwords are others");
        }
        now.operations().values().stream()
                .map(Versioned::value)
                .filter(operation -> operation.state().open())
                .forEach(operation -> found.add("operation " + operation.number() + " is open"));
        return found;
    }

    private static void topology(Topology backup, Topology there, List<String> found) {
        for (Node node : backup.nodes()) {
            Optional<Node> same = there.node(node.name());
            if (same.isEmpty()) {
                found.add("node " + node.name() + " is in the backup only");
            } else if (!same.get().equals(node)) {
                found.add("node " + node.name() + " is described differently");
            }
        }
        there.nodes().stream()
                .filter(node -> backup.node(node.name()).isEmpty())
                .forEach(node -> found.add("node " + node.name() + " is in ZooKeeper only"));
        if (found.isEmpty() && !backup.equals(there)) {
            found.add("the topology has other settings, or its nodes another order");
        }
    }
}
