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
        /** Nothing but the word none. */
        NONE,
        NODES,
        COORDINATORS,
        HOSTS,
        OPEN_OPERATIONS,
        TOPICS,
        FILES,
        FILES_OR_NONE
    }

    /** Names of the live cluster. Answers soon, with what is known. */
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

                    @Override
                    public Collection<String> openOperations() {
                        return List.of();
                    }
                };

        /** The names of nodes, of one kind when it is given. */
        Collection<String> nodes(Optional<NodeKind> kind);

        Collection<String> hosts();

        /** The numbers of operations that can be resumed. */
        Collection<String> openOperations();
    }

    /**
     * @param words what can come next, those of the language first
     * @param files whether the name of a file can come next
     */
    public record Proposal(List<String> words, boolean files) {
        private static final Proposal NOTHING = new Proposal(List.of(), false);

        public Proposal {
            words = List.copyOf(words);
        }
    }

    private Completion() {}

    /** What can follow words that are complete; nothing where one of them cannot be. */
    public static Proposal after(List<String> words, LiveNames live) {
        if (words.size() > 1 && words.get(0).equalsIgnoreCase("help")) {
            return new Proposal(topics(words.subList(1, words.size())), false);
        }
        Walk walk = Walk.over(Line.of(words).words());
        List<Walk.State> states = walk.states().stream().filter(Walk.State::readable).toList();
        if (walk.stoppedAt().isPresent() || states.isEmpty()) {
            return Proposal.NOTHING;
        }
        List<String> proposed = new ArrayList<>();
        boolean files = false;
        for (Walk.State state : states) {
            for (Syntax.Step step : state.rest().steps().toList()) {
                proposed.addAll(wordsOf(step.terminal(), state, live).toList());
                files |= step.terminal() instanceof Syntax.Place place && place.slot().isFile();
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
            case NONE, FILES_OR_NONE -> Stream.of("none");
            case NODES -> others(live.nodes(state.kind()), state);
            case COORDINATORS -> live.nodes(Optional.of(NodeKind.COORDINATOR)).stream();
            case HOSTS -> others(live.hosts(), state);
            case OPEN_OPERATIONS -> live.openOperations().stream();
            case TOPICS -> Grammar.commandWords().stream();
            case FILES -> Stream.empty();
        };
    }

    /** One that is named already need not be named again. */
    private static Stream<String> others(Collection<String> names, Walk.State state) {
        List<String> named =
                state.matches().stream()
                        .filter(match -> !match.terminal().isExact())
                        .map(match -> match.word().text())
                        .toList();
        return names.stream().filter(name -> !named.contains(name));
    }

    /** The words of the language that follow others. */
    private static List<String> topics(List<String> words) {
        Walk walk = Walk.over(Line.of(words).words());
        return walk.stoppedAt().isPresent() ? List.of() : walk.expectedWords();
    }
}
