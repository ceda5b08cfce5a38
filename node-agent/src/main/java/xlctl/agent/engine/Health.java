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
 * @param reaction what came back
 * @param why what keeps it from answering, for people; empty when it answers
 * @param notes what an operator should know of it although it answers
 */
public record Health(
        Optional<Role> role,
        Optional<Long> timeline,
        Reaction reaction,
        String why,
        List<String> notes) {
    /** How a server takes a question. */
    public enum Reaction {
        ANSWERS,
        /** It says that it does not answer yet, or not any more. */
        NOT_NOW,
        /** It answers with an error: starting it anew would hardly change that. */
        REFUSES,
        /** Nothing came back. */
        SILENT
    }

    public Health {
        requireNonNull(role, "role is null");
        requireNonNull(timeline, "timeline is null");
        requireNonNull(reaction, "reaction is null");
        requireNonNull(why, "why is null");
        notes = List.copyOf(notes);
    }

    public static Health answering(Role role, Optional<Long> timeline) {
        return new Health(Optional.of(role), timeline, Reaction.ANSWERS, "", List.of());
    }

    public static Health silent(String why) {
        return without(Reaction.SILENT, why);
    }

    public static Health refusing(String why) {
        return without(Reaction.REFUSES, why);
    }

    public static Health notNow(String why) {
        return without(Reaction.NOT_NOW, why);
    }

    private static Health without(Reaction reaction, String why) {
        return new Health(Optional.empty(), Optional.empty(), reaction, why, List.of());
    }

    public Health with(List<String> more) {
        return new Health(role, timeline, reaction, why, more);
    }

    public boolean answers() {
        return reaction == Reaction.ANSWERS;
    }

    /** What keeps it from answering; empty when it answers. */
    public Optional<String> trouble() {
        return answers() ? Optional.empty() : Optional.of(why);
    }
}
