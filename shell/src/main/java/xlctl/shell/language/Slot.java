package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import xlctl.topology.InvalidValueException;

/**
 * A place in a form where the operator puts a value.
 *
 * @param label how usage texts write it, {@code NAME}
 * @param meaning what goes there, for help and complaints
 * @param choices the only words that can go there; empty for any
 * @param completion what the terminal proposes there beside the choices
 * @param fits whether a word can be meant for this place; a word that fits and is wrong is
 *     complained about when it is read
 * @param reader makes the value, or throws {@link InvalidValueException}
 */
record Slot<T>(
        String label,
        String meaning,
        List<String> choices,
        Completion.Source completion,
        Predicate<String> fits,
        BiFunction<String, TextFiles, T> reader) {
    private static final TextFiles UNREAD = name -> "";

    Slot {
        requireNonNull(label, "label is null");
        requireNonNull(meaning, "meaning is null");
        choices = List.copyOf(choices);
        requireNonNull(completion, "completion is null");
        requireNonNull(fits, "fits is null");
        requireNonNull(reader, "reader is null");
    }

    static <T> Slot<T> of(String label, String meaning, Function<String, T> reader) {
        return new Slot<>(
                label,
                meaning,
                List.of(),
                Completion.Source.NOTHING,
                word -> true,
                (word, files) -> reader.apply(word));
    }

    static <T> Slot<T> oneOf(
            String label, String meaning, List<String> choices, Function<String, T> reader) {
        return new Slot<>(
                label,
                meaning,
                choices,
                Completion.Source.NOTHING,
                choices::contains,
                (word, files) -> reader.apply(word));
    }

    Slot<T> completedBy(Completion.Source source) {
        return new Slot<>(label, meaning, choices, source, fits, reader);
    }

    Slot<T> fitting(Predicate<String> test) {
        return new Slot<>(label, meaning, choices, completion, test, reader);
    }

    boolean isClosed() {
        return !choices.isEmpty();
    }

    /** Whether a file is named there. */
    boolean isFile() {
        return completion == Completion.Source.FILES
                || completion == Completion.Source.FILES_OR_NONE;
    }

    /** Whether a word can be read there; files are not looked for. */
    boolean reads(String word) {
        if (isFile()) {
            return true;
        }
        try {
            read(word, UNREAD);
            return true;
        } catch (InvalidValueException e) {
            return false;
        }
    }

    boolean accepts(String word) {
        return isClosed() ? choices.contains(word.toLowerCase(Locale.ROOT)) : fits.test(word);
    }

    T read(String word, TextFiles files) {
        return reader.apply(isClosed() ? word.toLowerCase(Locale.ROOT) : word, files);
    }
}
