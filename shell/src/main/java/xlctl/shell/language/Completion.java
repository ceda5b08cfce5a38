package xlctl.shell.language;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import xlctl.topology.NodeKind;

/** What may be typed next. */
public final class Completion {
    /** Where the words for a place come from. */
    public enum Source {
        NOTHING,
        NODES,
        HOSTS,
        COMMANDS,
        FILES
    }

    /** Names of the live cluster. Answers at once, with what is known. */
    public interface LiveNames {
        LiveNames NONE =
                new LiveNames() {
                    @Override
                    public Collection<String> nodes(Optional<NodeKind> kind) {
                        return List.of();
                    }

                    @Override
                    public Collection<String> hosts() {
                        return List.of();
                    }
                };

        /** The names of nodes, of one kind when it is given. */
        Collection<String> nodes(Optional<NodeKind> kind);

        Collection<String> hosts();
    }

    /**
     * @param words what can come next, those of the language first
     * @param files whether the name of a file can come next
     */
    public record Proposal(List<String> words, boolean files) {
        public Proposal {
            words = List.copyOf(words);
        }
    }

    private Completion() {}

    /** What can follow words that are complete. */
    public static Proposal after(List<String> words, LiveNames live) {
        Walk walk = Walk.over(Line.of(words).words());
        if (walk.stoppedAt().isPresent()) {
            return new Proposal(List.of(), false);
        }
        List<String> proposed = new ArrayList<>();
        boolean files = false;
        for (Walk.State state : walk.states()) {
            for (Syntax.Step step : state.rest().steps().toList()) {
                proposed.addAll(wordsOf(step.terminal(), state, live).toList());
                files |=
                        step.terminal() instanceof Syntax.Place place
                                && place.slot().completion() == Source.FILES;
            }
        }
        return new Proposal(proposed.stream().distinct().toList(), files);
    }

    private static Stream<String> wordsOf(
            Syntax.Terminal terminal, Walk.State state, LiveNames live) {
        if (terminal instanceof Syntax.Keyword keyword) {
            return Stream.of(keyword.text());
        }
        if (!(terminal instanceof Syntax.Place place)) {
            return Stream.empty();
        }
        return switch (place.slot().completion()) {
            case NOTHING -> place.slot().choices().stream();
            case NODES -> live.nodes(state.kind()).stream();
            case HOSTS -> live.hosts().stream();
            case COMMANDS -> Grammar.commandWords().stream();
            case FILES -> Stream.of("none");
        };
    }
}
