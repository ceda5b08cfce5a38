package xlctl.agent.api;

import java.util.Arrays;
import java.util.stream.Collectors;
import xlctl.text.Quoted;
import xlctl.topology.InvalidValueException;

/** How a server is asked to stop, in PostgreSQL's words. */
public enum StopMode {
    /** Waits for sessions to end. */
    SMART("smart"),
    /** Ends sessions, writes a checkpoint. */
    FAST("fast"),
    /** Ends at once; the next start recovers from the WAL. */
    IMMEDIATE("immediate");

    private final String word;

    StopMode(String word) {
        this.word = word;
    }

    /** The word of the command language. */
    public String word() {
        return word;
    }

    public static StopMode parse(String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.word.equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(
                        () ->
                                new InvalidValueException(
                                        Quoted.of(text)
                                                + " is not a way to stop: "
                                                + Arrays.stream(values())
                                                        .map(StopMode::word)
                                                        .collect(Collectors.joining(", "))));
    }

    @Override
    public String toString() {
        return word;
    }
}
