package xlctl.shell.language;

import java.util.List;
import java.util.Optional;
import xlctl.shell.language.Syntax.Keyword;
import xlctl.shell.language.Syntax.Terminal;

/** The words of one line as a form sees them, its values read. */
record Arguments(List<Match> matches, List<Value> values) {
    /** A word and what it stands for. */
    record Match(Terminal terminal, Word word) {
        /** Whether it can be read as that; files are not looked for. */
        boolean readable() {
            return !(terminal instanceof Syntax.Place place) || place.slot().reads(word.text());
        }
    }

    /** What was made of a word. */
    record Value(Slot<?> slot, Object value) {}

    Arguments {
        matches = List.copyOf(matches);
        values = List.copyOf(values);
    }

    boolean has(String keyword) {
        return matches.stream().anyMatch(match -> match.terminal().equals(new Keyword(keyword)));
    }

    <T> T one(Slot<T> slot) {
        return maybe(slot)
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the form has no " + slot.label() + " yet"));
    }

    <T> Optional<T> maybe(Slot<T> slot) {
        return all(slot).stream().findFirst();
    }

    @SuppressWarnings("unchecked") // The value was read by this very slot.
    <T> List<T> all(Slot<T> slot) {
        return values.stream()
                .filter(value -> value.slot().equals(slot))
                .map(value -> (T) value.value())
                .toList();
    }
}
