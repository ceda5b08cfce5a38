package xlctl.topology;

import java.util.Arrays;
import java.util.stream.Collectors;
import xlctl.text.Quoted;

/** The server software of a cluster. */
public enum EngineKind {
    POSTGRESQL("postgresql"),
    POSTGRES_XL("postgres-xl"),
    OPENTENBASE("opentenbase");

    private final String word;

    EngineKind(String word) {
        this.word = word;
    }

    /** The word used in settings and files. */
    public String word() {
        return word;
    }

    public static EngineKind parse(String text) {
        return Arrays.stream(values())
                .filter(kind -> kind.word.equals(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidValueException(
                                        Quoted.ascii(text)
                                                + " is not an engine: "
                                                + Arrays.stream(values())
                                                        .map(EngineKind::word)
                                                        .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word;
    }
}
