package xlctl.agent.engine;

import static java.util.Objects.requireNonNull;

import java.util.Optional;
import xlctl.topology.Role;

/**
 * What a server says of itself.
 *
 * @param role empty when it does not answer
 * @param timeline the WAL timeline, where the engine has one and the server answers
 * @param why what keeps it from answering, for people; empty when it answers
 */
public record Health(Optional<Role> role, Optional<Long> timeline, String why) {
    public Health {
        requireNonNull(role, "role is null");
        requireNonNull(timeline, "timeline is null");
        requireNonNull(why, "why is null");
    }

    public static Health answering(Role role, Optional<Long> timeline) {
        return new Health(Optional.of(role), timeline, "");
    }

    public static Health silent(String why) {
        return new Health(Optional.empty(), Optional.empty(), why);
    }

    public boolean answers() {
        return role.isPresent();
    }
}
