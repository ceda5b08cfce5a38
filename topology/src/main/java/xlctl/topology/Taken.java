package xlctl.topology;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The names, ports and directories that nodes have taken, found by name and by host: what is on
 * other hosts costs nothing.
 */
final class Taken {
    private final Map<String, Node> byName = new HashMap<>();
    private final Map<HostName, List<Instance>> byHost = new HashMap<>();

    void add(Node node) {
        byName.put(inLowerCase(node), node);
        node.instances().forEach(this::place);
    }

    /** Everything that keeps a node out: also what its own instances take from each other. */
    List<Problem> conflicts(Node candidate) {
        List<Problem> problems = new ArrayList<>();
        Node namesake = byName.get(inLowerCase(candidate));
        if (namesake != null) {
            problems.add(
                    Problem.of(
                            "the name "
                                    + candidate.name()
                                    + " is taken by "
                                    + namesake.kind()
                                    + " "
                                    + namesake.name(),
                            "choose another name, or remove that node first"));
        }
        List<Instance> earlier = new ArrayList<>();
        for (Instance instance : candidate.instances()) {
            byHost.getOrDefault(instance.host(), List.of())
                    .forEach(present -> problems.addAll(conflicts(present, instance)));
            earlier.stream()
                    .filter(other -> other.host().equals(instance.host()))
                    .forEach(present -> problems.addAll(conflicts(present, instance)));
            earlier.add(instance);
        }
        return problems;
    }

    private void place(Instance instance) {
        byHost.computeIfAbsent(instance.host(), host -> new ArrayList<>()).add(instance);
    }

    /** Names that differ only in case are too alike to live in one cluster. */
    private static String inLowerCase(Node node) {
        return node.name().value().toLowerCase(Locale.ROOT);
    }

    private static List<Problem> conflicts(Instance present, Instance candidate) {
        List<Problem> problems = new ArrayList<>();
        Set<Port> ports = new HashSet<>(candidate.ports());
        ports.retainAll(present.ports());
        ports.stream()
                .sorted()
                .forEach(
                        port ->
                                problems.add(
                                        Problem.of(
                                                "port "
                                                        + port
                                                        + " on "
                                                        + candidate.host()
                                                        + " is taken by "
                                                        + present.name().node(),
                                                "choose another port")));
        for (Directory wanted : candidate.directories()) {
            present.directories().stream()
                    .filter(wanted::overlaps)
                    .forEach(
                            taken ->
                                    problems.add(
                                            Problem.of(
                                                    "directory "
                                                            + wanted
                                                            + " on "
                                                            + candidate.host()
                                                            + " is taken by "
                                                            + present.name().node()
                                                            + (taken.equals(wanted)
                                                                    ? ""
                                                                    : ", which has " + taken),
                                                    "choose another directory")));
        }
        return problems;
    }
}
