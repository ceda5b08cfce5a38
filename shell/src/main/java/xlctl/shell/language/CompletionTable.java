package xlctl.shell.language;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The grammar as a table that a shell's script can walk, word by word: for each point that a
 * command can be at, the words that can follow and where each of them leads.
 */
public final class CompletionTable {
    /**
     * A point that a command can be at.
     *
     * @param next where words of the language lead, in the order of the grammar
     * @param files whether the name of a file can follow
     * @param otherwise where any other word leads; empty where none can follow
     */
    public record Point(Map<String, Integer> next, boolean files, OptionalInt otherwise) {
        public Point {
            next = Collections.unmodifiableMap(new LinkedHashMap<>(next));
        }
    }

    private final Map<Set<Syntax>, Integer> numbers = new LinkedHashMap<>();
    private final List<Set<Syntax>> found = new ArrayList<>();

    private CompletionTable() {}

    /** The points by their numbers; a command begins at the first. */
    public static List<Point> points() {
        CompletionTable table = new CompletionTable();
        Set<Syntax> start = new LinkedHashSet<>();
        Grammar.FORMS.forEach(form -> start.add(normal(form.syntax())));
        table.number(start);
        List<Point> points = new ArrayList<>();
        while (points.size() < table.found.size()) {
            points.add(table.point(table.found.get(points.size())));
        }
        return List.copyOf(points);
    }

    private int number(Set<Syntax> rests) {
        return numbers.computeIfAbsent(
                rests,
                added -> {
                    found.add(added);
                    return found.size() - 1;
                });
    }

    private Point point(Set<Syntax> rests) {
        Map<String, Set<Syntax>> words = new LinkedHashMap<>();
        Set<Syntax> others = new LinkedHashSet<>();
        boolean files = false;
        for (Syntax rest : rests) {
            for (Syntax.Step step : rest.steps().toList()) {
                Syntax after = normal(step.rest());
                wordsOf(step.terminal())
                        .forEach(
                                word ->
                                        words.computeIfAbsent(word, w -> new LinkedHashSet<>())
                                                .add(after));
                if (step.terminal() instanceof Syntax.Place place && !place.slot().isClosed()) {
                    others.add(after);
                    files |= namesAFile(place.slot().completion());
                }
            }
        }
        Map<String, Integer> next = new LinkedHashMap<>();
        words.forEach((word, after) -> next.put(word, number(after)));
        return new Point(
                next,
                files,
                others.isEmpty() ? OptionalInt.empty() : OptionalInt.of(number(others)));
    }

    private static boolean namesAFile(Completion.Source source) {
        return source == Completion.Source.FILES || source == Completion.Source.FILES_OR_NONE;
    }

    private static Stream<String> wordsOf(Syntax.Terminal terminal) {
        if (terminal instanceof Syntax.Keyword keyword) {
            return Stream.of(keyword.text());
        } else if (terminal instanceof Syntax.Place place) {
            return place.slot().completion() == Completion.Source.TOPICS
                    ? Grammar.commandWords().stream()
                    : place.slot().choices().stream();
        }
        return Stream.empty();
    }

    /** The same words in one form, so that points that are alike are equal. */
    private static Syntax normal(Syntax syntax) {
        List<Syntax> parts = flat(syntax).toList();
        return parts.size() == 1 ? parts.get(0) : new Syntax.Sequence(parts);
    }

    private static Stream<Syntax> flat(Syntax syntax) {
        if (syntax instanceof Syntax.Sequence sequence) {
            return sequence.parts().stream().flatMap(CompletionTable::flat);
        } else if (syntax instanceof Syntax.Named named) {
            return flat(named.inner());
        } else if (syntax instanceof Syntax.AnyOrder any && any.parts().isEmpty()) {
            return Stream.empty();
        }
        return Stream.of(syntax);
    }
}
