package xlctl.shell.language;

import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.oneOf;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.words;

import java.util.List;

/** Commands about xlctl itself. */
final class ShellForms {
    static final List<Form> FORMS =
            List.of(
                    reading(
                            words("config show"),
                            "Shows every setting of xlctl and where it comes from.",
                            "",
                            "config show",
                            arguments -> new Statement.ShowSettings()),
                    reading(
                            words("history"),
                            "Shows the lines typed at the prompt.",
                            "",
                            "history",
                            arguments -> new Statement.History()),
                    new Form(
                            sequence(words("help"), maybe(several(Slots.TOPIC))),
                            "Explains the commands, or some of them.",
                            "help add coordinator explains one, help clean every one that knows the"
                                    + " word, help TARGET what stands for it in a usage.",
                            "help add coordinator",
                            arguments -> new Statement.Help(arguments.all(Slots.TOPIC))),
                    new Form(
                            oneOf(words("quit"), words("q"), words("exit")),
                            "Ends the session; in a script, the lines after it are not read.",
                            "Ctrl-D does the same at the prompt.",
                            "quit",
                            arguments -> new Statement.Quit()));

    private ShellForms() {}
}
