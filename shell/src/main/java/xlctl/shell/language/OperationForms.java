package xlctl.shell.language;

import static xlctl.shell.language.Phrases.reading;
import static xlctl.shell.language.Syntax.sequence;
import static xlctl.shell.language.Syntax.value;
import static xlctl.shell.language.Syntax.words;

import java.util.List;

/** Commands about what was done before. */
final class OperationForms {
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
                            sequence(words("operation resume"), value(Slots.NUMBER)),
                            "Goes on with an operation that was left open.",
                            "",
                            "operation resume 3",
                            arguments ->
                                    new Statement.ResumeOperation(arguments.one(Slots.NUMBER))),
                    new Form(
                            sequence(words("operation rollback"), value(Slots.NUMBER)),
                            "Undoes an operation that was left open before its commit point.",
                            "",
                            "operation rollback 3",
                            arguments ->
                                    new Statement.RollbackOperation(arguments.one(Slots.NUMBER))));

    private OperationForms() {}
}
