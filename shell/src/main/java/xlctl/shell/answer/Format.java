package xlctl.shell.answer;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import xlctl.topology.InvalidValueException;

/** The ways to write an answer. */
public enum Format {
    /** For people. */
    TEXT,
    JSON,
    YAML,
    /** A heading and rows, their cells with tabs between them. */
    TSV;

    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static List<String> words() {
        return Stream.of(values()).map(Format::word).toList();
    }

    public static Format parse(String word) {
        return Stream.of(values())
                .filter(format -> format.word().equals(word.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidValueException(
                                        "\""
                                                + word
                                                + "\" is not a format: "
                                                + String.join(", ", words())));
    }
}
