package xlctl.shell.language;

import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.maybe;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.several;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;
import java.util.Set;

/** Commands about what was done before. */
final class OperationForms {
    private static final Syntax LOST = maybe(sequence(words("--lost"), several(Slots.HOST)));

    private static final String WITHOUT =
            "With --lost it is ended without hosts that are gone for good: what was to be done there"
                    + " is left, and told. That is refused while the agent of such a host answers or"
                    + " is connected to ZooKeeper.";

    static final List<Form> FORMS =
            List.of(
                    reading(
                            words("operation list"),
                            "Lists operations, newest last.",
                            "",
                            "operation list",
                            arguments -> new Statement.ListOperations()),
                    reading(
                            sequence(words("operation show"), value(Slots.NUMBER)),
                            "Shows an operation with its steps.",
                            "",
                            "operation show 3",
                            arguments -> new Statement.ShowOperation(arguments.one(Slots.NUMBER))),
                    new Form(
                            sequence(words("operation resume"), value(Slots.NUMBER), LOST),
                            "Goes on with an operation that was left open.",
                            WITHOUT + " Before its commit point it is rolled back instead.",
                            "operation resume 3",
                            arguments ->
                                    new Statement.ResumeOperation(
                                            arguments.one(Slots.NUMBER),
                                            Set.copyOf(arguments.all(Slots.HOST)))),
                    new Form(
                            sequence(words("operation rollback"), value(Slots.NUMBER), LOST),
                            "Undoes an operation that was left open before its commit point.",
                            WITHOUT,
                            "operation rollback 3",
                            arguments ->
                                    new Statement.RollbackOperation(
                                            arguments.one(Slots.NUMBER),
                                            Set.copyOf(arguments.all(Slots.HOST)))));

    private OperationForms() {}
}
