package xlctl.shell.reference;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import xlctl.shell.language.Help;

/** The reference as manual pages: one of the program, and one of each command. */
public final class ManPages {
    private static final String EXIT_CODES =
            """
            .SH EXIT STATUS
            .TP
            .B 0
            Done.
            .TP
            .B 1
            The cluster is not as asked: a member is down or degraded, a step failed.
            .TP
            .B 2
            The command, a file or a setting is malformed; nothing was done.
            .TP
            .B 3
            Something needed is unreachable.
            .TP
            .B 4
            Refused: taken, locked, guarded, an open operation.
            """;

    private ManPages() {}

    /**
     * The pages by the names of their files.
     *
     * @param version of the program
     */
    public static Map<String, String> of(ProgramOptions options, String version) {
        Map<String, List<Help.Entry>> commands =
                Help.entries().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Help.Entry::command,
                                        LinkedHashMap::new,
                                        Collectors.toList()));
        Map<String, String> pages = new TreeMap<>();
        pages.put("xlctl.1", program(options, commands, version));
        commands.forEach(
                (command, entries) ->
                        pages.put("xlctl-" + command + ".1", command(command, entries, version)));
        return pages;
    }

    private static String program(
            ProgramOptions options, Map<String, List<Help.Entry>> commands, String version) {
        StringBuilder page = new StringBuilder(head("xlctl", version));
        page.append(name("xlctl", "run database clusters of the Postgres-XL kind"));
        page.append(
                """
                .SH SYNOPSIS
                .B xlctl
                .RI [ OPTION ...]
                .IR WORD ...
                .br
                .B xlctl
                .RI [ OPTION ...]
                .B \\-i
                .I FILE
                .br
                .B xlctl
                .RI [ OPTION ...]
                .SH DESCRIPTION
                One command, a script, or, at a terminal, a prompt. Without a terminal standard input is a
                script.
                .SH OPTIONS
                """);
        options.options().forEach(option -> page.append(option(option)));
        page.append(".SH COMMANDS\n");
        commands.forEach(
                (command, entries) ->
                        entries.forEach(
                                entry -> page.append(item(entry.usage(), entry.summary()))));
        for (ProgramOptions.Subcommand subcommand : options.subcommands()) {
            page.append(item(subcommand.synopsis(), subcommand.description()));
        }
        page.append(EXIT_CODES);
        List<String> others = new ArrayList<>();
        commands.keySet().forEach(command -> others.add("xlctl\\-" + command + "(1)"));
        return page.append(".SH SEE ALSO\n")
                .append(String.join(",\n", others))
                .append('\n')
                .toString();
    }

    private static String command(String command, List<Help.Entry> entries, String version) {
        StringBuilder page = new StringBuilder(head("xlctl-" + command, version));
        page.append(name("xlctl-" + command, firstSentence(entries.get(0).summary())));
        page.append(".SH SYNOPSIS\n");
        page.append(
                entries.stream()
                        .map(entry -> ".B xlctl\n" + text(entry.usage()) + "\n")
                        .collect(Collectors.joining(".br\n")));
        page.append(".SH DESCRIPTION\n");
        Map<String, String> values = new LinkedHashMap<>();
        for (Help.Entry entry : entries) {
            page.append(item(entry.usage(), (entry.summary() + " " + entry.details()).strip()));
            values.putAll(entry.values());
        }
        if (!values.isEmpty()) {
            page.append(".SH WORDS\n");
            values.forEach((label, meaning) -> page.append(item(label, meaning)));
        }
        page.append(EXIT_CODES).append(".SH EXAMPLES\n");
        page.append(
                entries.stream()
                        .map(entry -> text("xlctl " + entry.example()) + "\n")
                        .collect(Collectors.joining(".br\n")));
        return page.append(".SH SEE ALSO\nxlctl(1)\n").toString();
    }

    private static String head(String page, String version) {
        return ".TH \""
                + text(page.toUpperCase(Locale.ROOT))
                + "\" 1 \"\" \"xlctl "
                + text(version)
                + "\" \"xlctl\"\n.ad l\n.nh\n";
    }

    private static String name(String page, String what) {
        return ".SH NAME\n" + text(page) + " \\- " + text(what) + "\n";
    }

    private static String firstSentence(String summary) {
        int end = summary.indexOf(". ");
        String sentence = end < 0 ? summary : summary.substring(0, end);
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private static String option(ProgramOptions.Option option) {
        return item(
                String.join(", ", option.names())
                        + (option.value().isEmpty() ? "" : " " + option.value()),
                option.description());
    }

    private static String item(String title, String meaning) {
        return ".TP\n.B " + text(title) + "\n" + text(meaning) + "\n";
    }

    /** What is no request and no escape to the formatter. */
    private static String text(String plain) {
        String escaped = plain.replace("\\", "\\e").replace("-", "\\-").replace("\"", "\\(dq");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
