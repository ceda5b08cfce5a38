package xlctl.shell.reference;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import xlctl.shell.language.Help;
import xlctl.shell.settings.Key;

/** The command reference as Markdown. */
final class CommandReference {
    private CommandReference() {}

    /** Writes it to the file that the only argument names. */
    public static void main(String[] arguments) throws IOException {
        Files.writeString(Path.of(arguments[0]), text());
    }

    static String text() {
        return introduction() + commands() + absent() + settings();
    }

    private static String introduction() {
        return """
                # Commands

                <!-- Made by xlctl.shell.reference.CommandReference from the grammar's table. -->

                Words are separated by blanks. Quotes of either kind keep blanks in a word, anywhere in
                it; `#` at the start of a word begins a comment; a backslash is an ordinary character,
                nothing is expanded, and no word goes to an operating system's shell. Commands, kinds and
                roles may be written in upper or lower case. Files are read where xlctl runs.

                Exit codes: 0 done; 1 the cluster is not as asked; 2 the command is malformed; 3 something
                needed is unreachable; 4 refused.

                A script (`-i FILE`, or standard input that is no terminal) is read to its end, and all its
                complaints are told before any of it runs. Consecutive `add`s run at the same time; when one
                fails, those before it stay, it and those after it are undone. The first failure ends the
                script with its exit code; with `--keep-going` it goes on, and every `add` is for itself.
                Lines after a `quit` are not read.

                """;
    }

    private static String commands() {
        Map<String, List<Help.Entry>> byCommand =
                Help.entries().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Help.Entry::command,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        StringBuilder text = new StringBuilder();
        byCommand.forEach(
                (command, entries) -> {
                    text.append("## ").append(command).append("\n\n");
                    entries.forEach(entry -> text.append(form(entry)));
                    text.append(values(entries));
                });
        return text.toString();
    }

    private static String form(Help.Entry entry) {
        return "```\n"
                + entry.usage()
                + "\n```\n\n"
                + (entry.summary() + " " + entry.details()).strip()
                + "\nExample: `"
                + entry.example()
                + "`\n\n";
    }

    private static String values(List<Help.Entry> entries) {
        Map<String, String> values = new LinkedHashMap<>();
        entries.forEach(entry -> values.putAll(entry.values()));
        if (values.isEmpty()) {
            return "";
        }
        StringBuilder text = new StringBuilder("| word | meaning |\n|---|---|\n");
        values.forEach((label, meaning) -> text.append(row(label, meaning)));
        return text.append('\n').toString();
    }

    private static String absent() {
        StringBuilder text =
                new StringBuilder(
                        "## Words of pgxc_ctl that are not here\n\n| word | instead |\n|---|---|\n");
        Help.absentCommands().forEach((word, instead) -> text.append(row(word, instead)));
        return text.append('\n').toString();
    }

    private static String settings() {
        StringBuilder text =
                new StringBuilder(
                        """
                        ## Settings

                        In rising order: the default, `xlctl.yaml` in the home, a variable, an option. A dot means
                        a key below a key in `xlctl.yaml`; networks are lists there, and have commas between them in a
                        variable.

                        | key | variable | default | meaning |
                        |---|---|---|---|
                        """);
        for (Key key : Key.values()) {
            text.append(
                    "| `%s` | `%s` | %s | %s |\n"
                            .formatted(
                                    key.keyName(),
                                    key.variable(),
                                    key.defaultText(),
                                    key.meaning()));
        }
        return text.toString();
    }

    private static String row(String word, String meaning) {
        return "| `" + word + "` | " + meaning.replace("|", "\\|") + " |\n";
    }
}
