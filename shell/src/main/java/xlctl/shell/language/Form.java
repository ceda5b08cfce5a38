package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * One form of a command.
 *
 * @param summary what it does, in a line
 * @param details what the summary leaves out; may be empty
 * @param example one that is right
 */
record Form(
        Syntax syntax,
        String summary,
        String details,
        String example,
        Function<Arguments, Statement> meaning) {
    Form {
        requireNonNull(syntax, "syntax is null");
        requireNonNull(summary, "summary is null");
        requireNonNull(details, "details is null");
        requireNonNull(example, "example is null");
        requireNonNull(meaning, "meaning is null");
    }

    String usage() {
        return syntax.usage();
    }

    /** The words it can start with. */
    List<String> firstWords() {
        return syntax.steps().map(step -> step.terminal().usage()).toList();
    }

    /** Its places for values, in order. */
    Set<Slot<?>> slots() {
        Set<Slot<?>> slots = new LinkedHashSet<>();
        collect(syntax, slots);
        return slots;
    }

    /** Every word of the language in it. */
    Set<String> words() {
        Set<String> words = new LinkedHashSet<>();
        collectWords(syntax, words);
        return words;
    }

    /** The parts of it that usage texts name. */
    List<Syntax.Named> named() {
        List<Syntax.Named> named = new ArrayList<>();
        collectNamed(syntax, named);
        return named;
    }

    /** The words of the language in it. */
    Set<String> keywords() {
        Set<String> keywords = new LinkedHashSet<>();
        collectKeywords(syntax, keywords);
        return keywords;
    }

    private static void collectKeywords(Syntax syntax, Set<String> keywords) {
        if (syntax instanceof Syntax.Keyword keyword) {
            keywords.add(keyword.text());
        }
        children(syntax).forEach(child -> collectKeywords(child, keywords));
    }

    private static void collect(Syntax syntax, Set<Slot<?>> slots) {
        if (syntax instanceof Syntax.Place place) {
            slots.add(place.slot());
        }
        children(syntax).forEach(child -> collect(child, slots));
    }

    private static void collectWords(Syntax syntax, Set<String> words) {
        if (syntax instanceof Syntax.Keyword keyword) {
            words.add(keyword.text());
        } else if (syntax instanceof Syntax.Synonym synonym) {
            words.add(synonym.text());
        } else if (syntax instanceof Syntax.Absent absent) {
            words.add(absent.text());
        } else if (syntax instanceof Syntax.Place place) {
            words.addAll(place.slot().choices());
        }
        children(syntax).forEach(child -> collectWords(child, words));
    }

    private static void collectNamed(Syntax syntax, List<Syntax.Named> named) {
        if (syntax instanceof Syntax.Named one && !named.contains(one)) {
            named.add(one);
        }
        children(syntax).forEach(child -> collectNamed(child, named));
    }

    private static List<? extends Syntax> children(Syntax syntax) {
        if (syntax instanceof Syntax.Sequence sequence) {
            return sequence.parts();
        } else if (syntax instanceof Syntax.Choice choice) {
            return choice.ways();
        } else if (syntax instanceof Syntax.AnyOrder any) {
            return any.parts();
        } else if (syntax instanceof Syntax.Again again) {
            return List.of(again.inner());
        } else if (syntax instanceof Syntax.Maybe maybe) {
            return List.of(maybe.inner());
        } else if (syntax instanceof Syntax.Repeated repeated) {
            return List.of(repeated.place());
        } else if (syntax instanceof Syntax.Named named) {
            return List.of(named.inner());
        }
        return List.of();
    }
}
