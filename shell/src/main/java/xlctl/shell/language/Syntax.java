package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What words a form is made of. A parser walks it word by word: {@link #steps()} says what may come
 * next and what is left after it.
 */
sealed interface Syntax {
    /** Nothing: the end of a form. */
    Syntax END = new Sequence(List.of());

    /** Whether nothing more need follow. */
    boolean canEnd();

    /** What may come next. */
    Stream<Step> steps();

    /** As people read it. */
    String usage();

    /** One thing that may come next, and what is left after it. */
    record Step(Terminal terminal, Syntax rest) {}

    /** What stands for one word. */
    sealed interface Terminal extends Syntax {
        boolean matches(String word);

        /**
         * Whether it matches a word because of its text, so that it goes before places for values.
         */
        boolean isExact();

        @Override
        default boolean canEnd() {
            return false;
        }

        @Override
        default Stream<Step> steps() {
            return Stream.of(new Step(this, END));
        }
    }

    /** A word of the language itself; upper and lower case are alike. */
    record Keyword(String text) implements Terminal {
        @Override
        public boolean matches(String word) {
            return text.equals(word.toLowerCase(Locale.ROOT));
        }

        @Override
        public boolean isExact() {
            return true;
        }

        @Override
        public String usage() {
            return text;
        }
    }

    /** A place for a value. */
    record Place(Slot<?> slot) implements Terminal {
        @Override
        public boolean matches(String word) {
            return slot.accepts(word);
        }

        @Override
        public boolean isExact() {
            return slot.isClosed();
        }

        @Override
        public String usage() {
            return slot.label();
        }
    }

    /**
     * A word that somebody may well write here and that is not understood.
     *
     * @param why what is said of it
     * @param instead what to do
     */
    record Absent(String text, String why, String instead) implements Terminal {
        public Absent {
            requireNonNull(why, "why is null");
            requireNonNull(instead, "instead is null");
        }

        @Override
        public boolean matches(String word) {
            return text.equals(word.toLowerCase(Locale.ROOT));
        }

        @Override
        public boolean isExact() {
            return true;
        }

        @Override
        public String usage() {
            return "";
        }
    }

    /** One after the other. */
    record Sequence(List<Syntax> parts) implements Syntax {
        public Sequence {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean canEnd() {
            return parts.stream().allMatch(Syntax::canEnd);
        }

        @Override
        public Stream<Step> steps() {
            if (parts.isEmpty()) {
                return Stream.empty();
            }
            Syntax first = parts.get(0);
            Sequence others = new Sequence(parts.subList(1, parts.size()));
            Stream<Step> steps =
                    first.steps()
                            .map(step -> new Step(step.terminal(), joined(step.rest(), others)));
            return first.canEnd() ? Stream.concat(steps, others.steps()) : steps;
        }

        @Override
        public String usage() {
            return parts.stream()
                    .map(Sequence::part)
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(" "));
        }

        private static String part(Syntax part) {
            String usage = part.usage();
            boolean several =
                    part instanceof Choice choice
                            && choice.ways().stream().filter(way -> !way.usage().isEmpty()).count()
                                    > 1;
            return several ? "(" + usage + ")" : usage;
        }
    }

    /** One of several. */
    record Choice(List<Syntax> ways) implements Syntax {
        public Choice {
            ways = List.copyOf(ways);
        }

        @Override
        public boolean canEnd() {
            return ways.stream().anyMatch(Syntax::canEnd);
        }

        @Override
        public Stream<Step> steps() {
            return ways.stream().flatMap(Syntax::steps);
        }

        @Override
        public String usage() {
            return ways.stream()
                    .map(Syntax::usage)
                    .filter(text -> !text.isEmpty())
                    .collect(Collectors.joining(" | "));
        }
    }

    /** It, or nothing. */
    record Maybe(Syntax inner) implements Syntax {
        @Override
        public boolean canEnd() {
            return true;
        }

        @Override
        public Stream<Step> steps() {
            return inner.steps();
        }

        @Override
        public String usage() {
            return "[" + inner.usage() + "]";
        }
    }

    /** Once or more often. */
    record Repeated(Place place) implements Syntax {
        @Override
        public boolean canEnd() {
            return false;
        }

        @Override
        public Stream<Step> steps() {
            return Stream.of(new Step(place, new Maybe(this)));
        }

        @Override
        public String usage() {
            return place.usage() + "...";
        }
    }

    /** Parts that can end, in any order, each at most once unless it is {@link Again}. */
    record AnyOrder(List<Syntax> parts) implements Syntax {
        public AnyOrder {
            parts = List.copyOf(parts);
        }

        @Override
        public boolean canEnd() {
            return true;
        }

        @Override
        public Stream<Step> steps() {
            return parts.stream()
                    .flatMap(
                            part ->
                                    part.steps()
                                            .map(
                                                    step ->
                                                            new Step(
                                                                    step.terminal(),
                                                                    joined(
                                                                            step.rest(),
                                                                            after(part)))));
        }

        private AnyOrder after(Syntax part) {
            return part instanceof Again
                    ? this
                    : new AnyOrder(parts.stream().filter(other -> other != part).toList());
        }

        @Override
        public String usage() {
            return parts.stream()
                    .map(
                            part ->
                                    part instanceof Again again
                                            ? "[" + again.inner().usage() + "]..."
                                            : "[" + part.usage() + "]")
                    .collect(Collectors.joining(" "));
        }
    }

    /** What may be given more than once among parts in any order. */
    record Again(Syntax inner) implements Syntax {
        @Override
        public boolean canEnd() {
            return inner.canEnd();
        }

        @Override
        public Stream<Step> steps() {
            return inner.steps();
        }

        @Override
        public String usage() {
            return inner.usage();
        }
    }

    /** Another word for the same, which usage texts leave out. */
    record Synonym(String text) implements Terminal {
        @Override
        public boolean matches(String word) {
            return text.equals(word.toLowerCase(Locale.ROOT));
        }

        @Override
        public boolean isExact() {
            return true;
        }

        @Override
        public String usage() {
            return "";
        }
    }

    /** Something long that usage texts give a short name. */
    record Named(String label, Syntax inner) implements Syntax {
        @Override
        public boolean canEnd() {
            return inner.canEnd();
        }

        @Override
        public Stream<Step> steps() {
            return inner.steps();
        }

        @Override
        public String usage() {
            return label;
        }
    }

    /**
     * One and then the other. Ends and sequences in sequences are left out: what is left of a form
     * must not grow with every word of a long line.
     */
    private static Syntax joined(Syntax one, Syntax other) {
        List<Syntax> parts = Stream.concat(flat(one), flat(other)).toList();
        return parts.size() == 1 ? parts.get(0) : new Sequence(parts);
    }

    private static Stream<Syntax> flat(Syntax syntax) {
        return syntax instanceof Sequence sequence ? sequence.parts().stream() : Stream.of(syntax);
    }

    static Syntax words(String text) {
        return new Sequence(Stream.of(text.split(" ")).<Syntax>map(Keyword::new).toList());
    }

    static Syntax value(Slot<?> slot) {
        return new Place(slot);
    }

    static Syntax several(Slot<?> slot) {
        return new Repeated(new Place(slot));
    }

    static Syntax sequence(Syntax... parts) {
        return new Sequence(List.of(parts));
    }

    static Syntax oneOf(Syntax... ways) {
        return new Choice(List.of(ways));
    }

    static Syntax anyOrder(Syntax... parts) {
        return new AnyOrder(List.of(parts));
    }

    static Syntax again(Syntax inner) {
        return new Again(inner);
    }

    static Syntax maybe(Syntax inner) {
        return new Maybe(inner);
    }

    /** A word of pgxc_ctl that is not in this version. */
    static Absent absent(String word, String instead) {
        return new Absent(
                word, "is a word of pgxc_ctl that this version of xlctl does not have", instead);
    }

    /** A word that never meant anything here. */
    static Syntax misplaced(String word, String instead) {
        return new Absent(word, "cannot stand here", instead);
    }
}
