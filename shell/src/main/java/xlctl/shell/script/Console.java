package xlctl.shell.script;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import xlctl.shell.render.Screen;

/** Where the interpreter speaks. Thread-safe: progress comes from other threads. */
public interface Console {
    /** A line of what was asked for. */
    void print(String line);

    /** A line about it: progress, warnings, reasons. */
    void report(String line);

    /** What the operator answers to a question of yes or no; empty when nobody can be asked. */
    Optional<Boolean> confirm(String question);

    /** What the operator types without its being shown; empty when nobody can be asked. */
    Optional<String> secret(String question);

    /**
     * Whether {@link #showing} shows something. Then what has begun need not be told in lines of
     * its own.
     */
    default boolean showsWhatRuns() {
        return false;
    }

    /**
     * Does work and meanwhile shows, where it can be drawn again and again, what is under way.
     *
     * @param running one line each; asked often, from another thread
     */
    default <T> T showing(Supplier<List<String>> running, Supplier<T> work) {
        return work.get();
    }

    /** Runs something that uses the terminal itself. */
    default <T> T handOver(Supplier<T> work) {
        return work.get();
    }

    /** Whether lines go nowhere any more: whoever read them went away. */
    default boolean isBroken() {
        return false;
    }

    /** Whether a person reads along, and no program. */
    default boolean isTerminal() {
        return false;
    }

    /** What its lines may look like. */
    default Screen screen() {
        return Screen.PLAIN;
    }

    /** The lines typed at the prompt, oldest first. */
    List<String> history();

    default void print(List<String> lines) {
        lines.forEach(this::print);
    }

    default void report(List<String> lines) {
        lines.forEach(this::report);
    }
}
