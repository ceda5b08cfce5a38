package xlctl.shell.answer;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What {@code --watch} tells of a member.
 *
 * @param at when it was seen
 * @param from the state before; {@code unknown} before the first look, {@code absent} where it was
 *     not in the topology
 * @param to the state now; {@code absent} when it is gone
 */
public record ChangeAnswer(Instant at, String member, String from, String to) implements Answer {
    /** What is told of states that nobody looked at. */
    private static final String UNKNOWN = "unknown";

    private static final String ABSENT = "absent";

    /** The states of members, by name, in their order. */
    public static Map<String, String> states(Answer answer) {
        Map<String, String> states = new LinkedHashMap<>();
        if (answer instanceof MonitorAnswer monitor) {
            monitor.members()
                    .forEach(
                            member ->
                                    states.put(
                                            member.node(),
                                            state(member.running(), member.healthy())));
        } else if (answer instanceof StatusAnswer status) {
            status.members()
                    .forEach(
                            member ->
                                    states.put(
                                            member.node(),
                                            member.found()
                                                    + ", "
                                                    + state(member.running(), member.healthy())));
        }
        return states;
    }

    /** What the first look found. */
    public static List<ChangeAnswer> first(Map<String, String> now, Instant at) {
        return now.entrySet().stream()
                .map(state -> new ChangeAnswer(at, state.getKey(), UNKNOWN, state.getValue()))
                .toList();
    }

    /** What became other between two looks. */
    public static List<ChangeAnswer> between(
            Map<String, String> before, Map<String, String> now, Instant at) {
        Set<String> members = new LinkedHashSet<>(now.keySet());
        members.addAll(before.keySet());
        return members.stream()
                .map(
                        member ->
                                new ChangeAnswer(
                                        at,
                                        member,
                                        before.getOrDefault(member, ABSENT),
                                        now.getOrDefault(member, ABSENT)))
                .filter(change -> !change.from().equals(change.to()))
                .toList();
    }

    @Override
    public String kind() {
        return "change";
    }

    @Override
    public Rows rows() {
        return new Rows(ChangeAnswer.class, List.of(this));
    }

    private static String state(boolean running, boolean healthy) {
        if (healthy) {
            return "running";
        }
        return running ? "degraded" : "not running";
    }
}
