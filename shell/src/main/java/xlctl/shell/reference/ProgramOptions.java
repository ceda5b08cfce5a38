package xlctl.shell.reference;

import static java.util.Objects.requireNonNull;

import java.util.List;

/**
 * The options of the program, and the commands that are not of the language.
 *
 * @param options that stand before the words
 */
public record ProgramOptions(List<Option> options, List<Subcommand> subcommands) {
    /**
     * An option.
     *
     * @param names the longest last
     * @param value what its value is called; empty for one without
     * @param choices the only values there are; empty for any
     */
    public record Option(
            List<String> names, String value, List<String> choices, String description) {
        public Option {
            names = List.copyOf(names);
            requireNonNull(value, "value is null");
            choices = List.copyOf(choices);
            requireNonNull(description, "description is null");
        }

        boolean takesFile() {
            return List.of("FILE", "DIR", "PATH").contains(value);
        }
    }

    /**
     * A command of its own.
     *
     * @param words its only words; empty where any can follow
     */
    public record Subcommand(
            String name,
            String synopsis,
            String description,
            List<Option> options,
            List<String> words) {
        public Subcommand {
            requireNonNull(name, "name is null");
            requireNonNull(synopsis, "synopsis is null");
            requireNonNull(description, "description is null");
            options = List.copyOf(options);
            words = List.copyOf(words);
        }
    }

    public ProgramOptions {
        options = List.copyOf(options);
        subcommands = List.copyOf(subcommands);
    }
}
