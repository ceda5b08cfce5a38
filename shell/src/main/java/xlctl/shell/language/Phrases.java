package xlctl.shell.language;

import static xlctl.shell.language.Syntax.absent;
import static xlctl.shell.language.Syntax.anyOrder;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;
import xlctl.command.Command;
import xlctl.command.Target;
import xlctl.shell.answer.Format;
import xlctl.shell.language.Syntax.Named;
import xlctl.topology.Role;

/** What forms have in common: pieces of their syntax, and what is made of them. */
final class Phrases {
    private static final String WATCHING = "--watch";

    private static final Duration WATCH_INTERVAL = Duration.ofSeconds(2);

    static final String NO_SLAVES = "nodes have a master only";

    static final Syntax MASTER = oneOf(words("master"), absent("slave", NO_SLAVES));

    /** How a reading command answers. */
    private static final Syntax FORMAT = sequence(words("--output"), value(Slots.FORMAT));

    /** That it goes on reading. */
    private static final Syntax WATCH = sequence(words(WATCHING), maybe(value(Slots.INTERVAL)));

    /** Which members: shared by start, stop, kill, monitor and show config. */
    static final Named TARGET =
            new Named(
                    "TARGET",
                    oneOf(
                            words("all"),
                            sequence(
                                    value(Slots.KIND),
                                    maybe(
                                            oneOf(
                                                    words("all"),
                                                    sequence(
                                                            words("master"),
                                                            maybe(
                                                                    oneOf(
                                                                            words("all"),
                                                                            several(Slots.NAME)))),
                                                    absent("slave", NO_SLAVES),
                                                    several(Slots.NAME)))),
                            several(Slots.NAME)));

    private Phrases() {}

    /** The form of a command that changes nothing: its answer comes in any format. */
    static Form reading(
            Syntax syntax,
            String summary,
            String details,
            String example,
            Function<Arguments, Statement.Reading> meaning) {
        return new Form(
                sequence(syntax, maybe(FORMAT)),
                summary,
                details,
                example,
                arguments -> formatted(meaning.apply(arguments), arguments));
    }

    /** As {@link #reading}; it may also go on reading, and tell what changes. */
    static Form watchable(
            Syntax syntax,
            String summary,
            String details,
            String example,
            Function<Arguments, Statement.Reading> meaning) {
        return new Form(
                sequence(syntax, anyOrder(WATCH, FORMAT)),
                summary,
                details
                        + " With --watch it goes on until Ctrl-C: a terminal shows it anew, with the"
                        + " last changes below it; elsewhere each change is a line.",
                example,
                arguments ->
                        arguments.has(WATCHING)
                                ? new Statement.Watched(
                                        meaning.apply(arguments),
                                        arguments.maybe(Slots.INTERVAL).orElse(WATCH_INTERVAL),
                                        arguments.maybe(Slots.FORMAT))
                                : formatted(meaning.apply(arguments), arguments));
    }

    private static Statement formatted(Statement.Reading reading, Arguments arguments) {
        Optional<Format> format = arguments.maybe(Slots.FORMAT);
        return format.isPresent() ? new Statement.Formatted(reading, format.get()) : reading;
    }

    static Statement change(Command command) {
        return new Statement.Change(command);
    }

    static Target target(Arguments arguments) {
        return new Target(
                arguments.maybe(Slots.KIND),
                arguments.has("master") ? Optional.of(Role.MASTER) : Optional.empty(),
                arguments.all(Slots.NAME));
    }
}
