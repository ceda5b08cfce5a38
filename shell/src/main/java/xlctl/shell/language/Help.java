package xlctl.shell.language;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import xlctl.text.NearNames;
import xlctl.text.Quoted;

/** The table of the language as text for people. */
public final class Help {
    /**
     * A form of the table.
     *
     * @param command its first word
     * @param values what stands for its words in capitals, by label
     */
    public record Entry(
            String command,
            String usage,
            String summary,
            String details,
            String example,
            Map<String, String> values) {
        public Entry {
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        }
    }

    private static final int WIDTH = 79;

    private Help() {}

    /** Every form, in the table's order. */
    public static List<Entry> entries() {
        return Grammar.FORMS.stream().map(Help::entry).toList();
    }

    /** The words of pgxc_ctl that are no commands here, and what to use instead. */
    public static Map<String, String> absentCommands() {
        Map<String, String> absent = new LinkedHashMap<>();
        Grammar.ABSENT.forEach(word -> absent.put(word.text(), word.instead()));
        return absent;
    }

    /** Every form with its summary. */
    public static List<String> overview() {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries()) {
            lines.add(entry.usage());
            lines.addAll(wrapped(entry.summary(), "    "));
        }
        lines.add("");
        lines.add("TARGET: " + Phrases.TARGET.inner().usage());
        lines.add("help COMMAND says more, with an example.");
        return lines;
    }

    /**
     * What is known of a topic: the words that commands begin with, or one word of theirs, or what
     * stands for words in usage texts. Empty when it is nothing of these.
     */
    public static List<String> of(List<String> topic) {
        Walk walk = Walk.over(Line.of(topic).words());
        if (walk.stoppedAt().isEmpty()) {
            return explained(walk.states().stream().map(Walk.State::form).distinct().toList());
        }
        if (topic.size() > 1) {
            return List.of();
        }
        String word = topic.get(0);
        List<Form> knowing =
                Grammar.FORMS.stream()
                        .filter(form -> form.keywords().stream().anyMatch(word::equalsIgnoreCase))
                        .toList();
        boolean absent = Grammar.absentCommands(word).findFirst().isPresent();
        if (knowing.isEmpty()) {
            return absent ? List.of() : explainedLabel(word);
        }
        List<String> lines = new ArrayList<>();
        if (absent) {
            lines.addAll(wrapped(unknown(topic) + ".", ""));
            lines.add("");
        }
        lines.addAll(explained(knowing));
        return lines;
    }

    private static List<String> explained(List<Form> forms) {
        List<String> lines = new ArrayList<>();
        Map<String, String> values = new LinkedHashMap<>();
        for (Form form : forms) {
            Entry entry = entry(form);
            lines.add(entry.usage());
            lines.addAll(wrapped(entry.summary() + " " + entry.details(), "    "));
            lines.add("    Example: " + entry.example());
            values.putAll(entry.values());
        }
        if (!values.isEmpty()) {
            lines.add("");
            values.forEach((label, meaning) -> lines.addAll(wrapped(label + ": " + meaning, "")));
        }
        return lines;
    }

    /** Different forms may mean different things by the same label. */
    private static List<String> explainedLabel(String word) {
        List<String> lines = new ArrayList<>();
        for (Entry entry : entries()) {
            entry.values()
                    .forEach(
                            (label, meaning) -> {
                                if (label.equalsIgnoreCase(word)) {
                                    lines.addAll(wrapped(label + ": " + meaning, ""));
                                }
                            });
        }
        return lines.stream().distinct().toList();
    }

    /** Why there is no help for a topic, and what to ask instead. */
    public static String unknown(List<String> topic) {
        Walk walk = Walk.over(Line.of(topic).words());
        Word word = walk.stoppedAt().orElseThrow();
        int before =
                (int) Line.of(topic).words().stream().takeWhile(each -> !each.equals(word)).count();
        if (before > 0) {
            String question = NearNames.question(word.text(), walk.expectedWords());
            return "\""
                    + word.text()
                    + "\" does not follow \""
                    + String.join(" ", topic.subList(0, before))
                    + "\""
                    + (question.isEmpty() ? "" : ": " + question);
        }
        String question = NearNames.question(word.text(), Grammar.commandWords());
        return Grammar.absentCommands(word.text())
                .findFirst()
                .map(
                        absent ->
                                Quoted.of(word.text())
                                        + " "
                                        + absent.why()
                                        + ": "
                                        + absent.instead())
                .orElse(
                        Quoted.of(word.text())
                                + " is not a command: "
                                + (question.isEmpty() ? "help lists the commands" : question));
    }

    private static Entry entry(Form form) {
        Map<String, String> values = new LinkedHashMap<>();
        for (Syntax.Named named : form.named()) {
            values.put(named.label(), named.inner().usage());
        }
        for (Slot<?> slot : form.slots()) {
            values.put(slot.label(), slot.meaning());
        }
        return new Entry(
                form.firstWords().get(0),
                form.usage(),
                form.summary(),
                form.details(),
                form.example(),
                values);
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
