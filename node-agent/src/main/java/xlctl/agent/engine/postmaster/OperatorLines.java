package xlctl.agent.engine.postmaster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.agent.api.InstanceSpec;
import xlctl.topology.Problem;

/** What is refused of the lines that operators give for a server's own files. */
public final class OperatorLines {
    private static final Pattern SETTING =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_.$]*)(\\s*=\\s*|\\s+)\\S.*");
    private static final Set<String> INCLUDES =
            Set.of("include", "include_if_exists", "include_dir");
    private static final Set<String> HBA_TYPES =
            Set.of("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc");

    private OperatorLines() {}

    /**
     * @param managed the settings that xlctl makes itself
     * @param method how clients should prove who they are
     */
    public static List<Problem> refusals(InstanceSpec spec, Set<String> managed, String method) {
        List<Problem> problems = new ArrayList<>();
        Set<String> all = new HashSet<>(managed);
        all.addAll(Tls.managed(spec.networks()));
        eachLine(
                spec.configuration(),
                '\'',
                (number, line) -> settingProblem("CONF line " + number, line, all, problems));
        continuedLines(spec.hba(), problems);
        eachLine(
                spec.hba(),
                '"',
                (number, line) -> {
                    hbaProblem("HBA line " + number, line, method, problems);
                    if (spec.networks().encrypted()) {
                        plainTextProblem("HBA line " + number, line, problems);
                    }
                });
        return problems;
    }

    /**
     * For programs that take few settings.
     *
     * @param allowed all that may be made
     */
    public static List<Problem> refusalsBesides(InstanceSpec spec, Set<String> allowed) {
        List<Problem> problems = new ArrayList<>();
        eachLine(
                spec.configuration(),
                '\'',
                (number, line) -> {
                    Matcher matcher = SETTING.matcher(line);
                    boolean fits =
                            matcher.matches()
                                    && allowed.contains(matcher.group(1).toLowerCase(Locale.ROOT));
                    if (!fits) {
                        problems.add(
                                Problem.of(
                                        "CONF line "
                                                + number
                                                + ", \""
                                                + line
                                                + "\", is no setting that may be made of a "
                                                + spec.kind(),
                                        "use of NAME = VALUE: "
                                                + String.join(", ", new TreeSet<>(allowed))));
                    }
                });
        return problems;
    }

    private static void settingProblem(
            String where, String line, Set<String> managed, List<Problem> problems) {
        Matcher matcher = SETTING.matcher(line);
        if (!matcher.matches()) {
            problems.add(
                    Problem.of(
                            where + ", \"" + line + "\", is not a setting",
                            "write it as NAME = VALUE"));
            return;
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (INCLUDES.contains(name)) {
            problems.add(
                    Problem.of(
                            where + " includes another file, which xlctl does not carry",
                            "put that file's lines in its place"));
        } else if (managed.contains(name)) {
            problems.add(
                    Problem.of(
                            where + " sets " + name + ", which xlctl sets itself",
                            "leave the line out"));
        }
    }

    private static void hbaProblem(
            String where, String line, String method, List<Problem> problems) {
        List<String> words = List.of(line.split("\\s+"));
        boolean local = words.get(0).equals("local");
        if (!HBA_TYPES.contains(words.get(0)) || words.size() < (local ? 4 : 5)) {
            problems.add(
                    Problem.of(
                            where + ", \"" + line + "\", is not a rule",
                            "write it as in host all app 10.1.0.0/16 " + method));
        } else if (parts(words).anyMatch(part -> part.startsWith("@"))) {
            problems.add(
                    Problem.of(
                            where + ", \"" + line + "\", names a file, which xlctl does not carry",
                            "put that file's words in its place"));
        } else if (parts(words.subList(3, words.size()))
                .anyMatch(part -> part.replace("\"", "").equalsIgnoreCase("trust"))) {
            problems.add(
                    Problem.of(
                            where + ", \"" + line + "\", lets people in without a password",
                            "use " + method + " in place of trust"));
        }
    }

    private static void plainTextProblem(String where, String line, List<Problem> problems) {
        String type = line.split("\\s+")[0];
        if (type.equals("hostnossl") || type.equals("hostgssenc")) {
            problems.add(
                    Problem.of(
                            where
                                    + ", \""
                                    + line
                                    + "\", is for connections without TLS, which this cluster"
                                    + " refuses",
                            "write hostssl in place of " + type));
        }
    }

    /** Even in a comment a backslash has the server read on in the next line. */
    private static void continuedLines(String hba, List<Problem> problems) {
        List<String> lines = hba.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).endsWith("\\")) {
                problems.add(
                        Problem.of(
                                "HBA line " + (i + 1) + " goes on in the next line",
                                "write each rule on one line, and end no comment with a backslash"));
            }
        }
    }

    /** A comma ends a word of a rule, too, even one that nothing follows. */
    private static Stream<String> parts(List<String> words) {
        return words.stream().flatMap(word -> Stream.of(word.split(",")));
    }

    /**
     * Every line that says something, without its comment, and its number.
     *
     * @param quote between two of them a '#' begins no comment
     */
    private static void eachLine(String text, char quote, BiConsumer<Integer, String> use) {
        int number = 0;
        for (String line : text.lines().toArray(String[]::new)) {
            number++;
            String said = withoutComment(line, quote).strip();
            if (!said.isEmpty()) {
                use.accept(number, said);
            }
        }
    }

    /**
     * A '#' within quotes begins no comment. Each kind of file has one quote, and the other is a
     * character like any: whoever took both for quotes could be shown another line than PostgreSQL.
     */
    private static String withoutComment(String line, char quote) {
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '#' && !quoted) {
                return line.substring(0, i);
            }
            quoted ^= c == quote;
        }
        return line;
    }
}
