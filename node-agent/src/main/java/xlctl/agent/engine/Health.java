package xlctl.agent.engine;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Optional;
import xlctl.topology.Role;

/**
 * What a server says of itself.
 *
 * @param role empty when it does not answer
 * @param timeline the WAL timeline, where the engine has one and the server answers
 * @param starting whether it says that it does not answer yet
 * @param why what keeps it from answering, for people; empty when it answers
 * @param notes what an operator should know of it although it answers
 */
public record Health(
        Optional<Role> role,
        Optional<Long> timeline,
        boolean starting,
        String why,
        List<String> notes) {
    public Health {
        requireNonNull(role, "role is null");
        requireNonNull(timeline, "timeline is null");
        requireNonNull(why, "why is null");
        notes = List.copyOf(notes);
    }

    public static Health answering(Role role, Optional<Long> timeline) {
        return new Health(Optional.of(role), timeline, false, "", List.of());
    }

    public static Health silent(String why) {
        return new Health(Optional.empty(), Optional.empty(), false, why, List.of());
    }

    public static Health starting(String why) {
        return new Health(Optional.empty(), Optional.empty(), true, why, List.of());
    }

    public Health with(List<String> more) {
        return new Health(role, timeline, starting, why, more);
    }

    public boolean answers() {
        return role.isPresent();
    }

    /** What keeps it from answering; empty when it answers. */
    public Optional<String> trouble() {
        return answers() ? Optional.empty() : Optional.of(why);
    }
}
