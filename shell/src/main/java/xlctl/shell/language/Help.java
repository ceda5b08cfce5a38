package xlctl.shell.language;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xlctl.topology.NearNames;

/** The table of the language as text for people. */
public final class Help {
    /** What a {@code TARGET} is, for help and the reference. */
    public static final String TARGET_MEANING =
            "all members, those of a KIND (gtm, coordinator or datanode), or nodes by name";

    private static final int WIDTH = 79;

    private Help() {}

    /** Every form with its summary. */
    public static List<String> overview() {
        List<String> lines = new ArrayList<>();
        for (Form form : Grammar.FORMS) {
            lines.add(form.usage());
            lines.addAll(wrapped(form.summary(), "    "));
        }
        lines.add("");
        lines.add("TARGET: " + Grammar.TARGET.inner().usage());
        lines.add("help COMMAND says more.");
        return lines;
    }

    /** What is known of the commands that start with a word; empty when none does. */
    public static List<String> of(String word) {
        List<String> lines = new ArrayList<>();
        Map<String, String> places = new LinkedHashMap<>();
        for (Form form : Grammar.forms(word)) {
            lines.add(form.usage());
            lines.addAll(wrapped(form.summary() + " " + form.details(), "    "));
            lines.add("    Example: " + form.example());
            places.putAll(places(form));
        }
        if (!places.isEmpty()) {
            lines.add("");
            places.forEach((label, meaning) -> lines.addAll(wrapped(label + ": " + meaning, "")));
        }
        return lines;
    }

    /** Why there is no help for a word, and what to ask instead. */
    public static String unknown(String word) {
        String question = NearNames.question(word, Grammar.commandWords());
        return Grammar.absentCommands(word)
                .findFirst()
                .map(
                        absent ->
                                "\""
                                        + word
                                        + "\" is a word of pgxc_ctl that this version of xlctl does not have: "
                                        + absent.instead())
                .orElse(
                        "\""
                                + word
                                + "\" is not a command: "
                                + (question.isEmpty() ? "help lists the commands" : question));
    }

    private static Map<String, String> places(Form form) {
        Map<String, String> places = new LinkedHashMap<>();
        for (Syntax.Named named : form.named()) {
            places.put(named.label(), named.inner().usage());
        }
        for (Slot<?> slot : form.slots()) {
            places.put(slot.label(), slot.meaning());
        }
        return places;
    }

    private static List<String> wrapped(String text, String indent) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(indent);
        for (String word : text.strip().split(" ")) {
            if (line.length() > indent.length() && line.length() + 1 + word.length() > WIDTH) {
                lines.add(line.toString());
                line = new StringBuilder(indent);
            }
            if (line.length() > indent.length()) {
                line.append(' ');
            }
            line.append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
