package xlctl.agent.engine.postmaster;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import xlctl.agent.api.InstanceSpec;
import xlctl.text.Quoted;
import xlctl.topology.OperatorFile;
import xlctl.topology.Problem;

/** What is refused of the lines that operators give for a server's own files. */
public final class OperatorLines {
    private static final Pattern SETTING =
            Pattern.compile("([A-Za-z_][A-Za-z0-9_.$]*)(\\s*=\\s*|\\s+)\\S.*");
    private static final Pattern WORD = Pattern.compile("\\S+");
    private static final Set<String> INCLUDES =
            Set.of("include", "include_if_exists", "include_dir");
    private static final Set<String> HBA_TYPES =
            Set.of("local", "host", "hostssl", "hostnossl", "hostgssenc", "hostnogssenc");
    private static final Pattern ADDRESS_WITHOUT_LENGTH =
            Pattern.compile("[0-9.]+|[0-9a-fA-F.]*:[0-9a-fA-F:.]*(%[^/]+)?");

    /** Those of every version, but trust: a server says itself which it cannot do. */
    private static final Set<String> METHODS =
            Set.of(
                    "reject",
                    "scram-sha-256",
                    "md5",
                    "password",
                    "gss",
                    "sspi",
                    "ident",
                    "peer",
                    "ldap",
                    "radius",
                    "cert",
                    "pam",
                    "bsd",
                    "oauth");

    /** Of a user with a password, as in {@code postgresql://user:password@host}, and the rest. */
    private static final Pattern IN_A_URL = Pattern.compile("(://[^\\s:/@]*:)[^\\s@]+@.*");

    /** The place of an operator's file in a command, and the character that quotes in it. */
    private enum Kind {
        CONF('\'', "passw[a-z]*|passphrase[a-z_]*|secrets?", "(\\s*=|\\s).*"),

        /** Where {@code password} may be a method, and {@code ldapbindpasswd} may not. */
        HBA('"', "passw[a-z]*(?=\"?\\s*=)|passwd|passphrase|secrets?", "\\W.*");

        private final char quote;

        /** A name after which a password may come, as in {@code ldapbindpasswd}, and the rest. */
        private final Pattern secret;

        Kind(char quote, String names, String rest) {
            this.quote = quote;
            this.secret = Pattern.compile("(?i)(" + names + ")" + rest);
        }

        /** A line as it may be shown to anybody. */
        String redacted(String text) {
            String named = secret.matcher(text).replaceFirst("$1=...");
            return IN_A_URL.matcher(named).replaceFirst("$1...");
        }
    }

    /**
     * What a line says.
     *
     * @param number from 1 on
     * @param column where its text begins, from 1 on
     * @param text without the comment
     * @param goesOn whether a server of newer versions takes the next line for a part of it
     */
    private record Line(
            Kind kind, OperatorFile file, int number, int column, String text, boolean goesOn) {
        /**
         * @param offset where in the text the trouble is
         */
        Problem problem(int offset, String what, String remedy) {
            return Problem.of(
                    kind
                            + " "
                            + Quoted.of(file.name())
                            + ", line "
                            + number
                            + ", column "
                            + (column + text.codePointCount(0, offset))
                            + ": "
                            + Quoted.of(kind.redacted(text))
                            + " "
                            + what,
                    remedy);
        }
    }

    /** A word or a field of a rule, and where in the line it begins. */
    private record Word(int offset, String text) {
        /** A comma ends a word of a rule, too, even one that nothing follows. */
        Stream<String> parts() {
            return Stream.of(text.split(","));
        }

        String unquoted() {
            return text.replace("\"", "");
        }
    }

    private OperatorLines() {}

    /**
     * @param managed the settings that xlctl makes itself
     * @param passwords how clients should prove who they are
     */
    public static List<Problem> refusals(InstanceSpec spec, Set<String> managed, String passwords) {
        Set<String> all = new HashSet<>(managed);
        all.addAll(Tls.managed(spec.networks()));
        List<Problem> problems = new ArrayList<>();
        for (Line line : lines(Kind.CONF, spec.configuration())) {
            settingProblem(line, all).ifPresent(problems::add);
        }
        problems.addAll(continuedLines(spec.hba()));
        for (Line line : lines(Kind.HBA, spec.hba())) {
            hbaProblem(line, passwords).ifPresent(problems::add);
            if (spec.networks().encrypted()) {
                plainTextProblem(line).ifPresent(problems::add);
            }
        }
        return problems;
    }

    /**
     * For programs that take few settings.
     *
     * @param allowed all that may be made
     */
    public static List<Problem> refusalsBesides(InstanceSpec spec, Set<String> allowed) {
        List<Problem> problems = new ArrayList<>();
        for (Line line : lines(Kind.CONF, spec.configuration())) {
            Matcher matcher = SETTING.matcher(line.text());
            if (!matcher.matches()
                    || !allowed.contains(matcher.group(1).toLowerCase(Locale.ROOT))) {
                problems.add(
                        line.problem(
                                0,
                                "is no setting that may be made of a " + spec.kind(),
                                "use of NAME = VALUE: "
                                        + String.join(", ", new TreeSet<>(allowed))));
            }
        }
        return problems;
    }

    private static Optional<Problem> settingProblem(Line line, Set<String> managed) {
        Matcher matcher = SETTING.matcher(line.text());
        if (!matcher.matches()) {
            return Optional.of(line.problem(0, "is not a setting", "write it as NAME = VALUE"));
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (INCLUDES.contains(name)) {
            return Optional.of(
                    line.problem(
                            0,
                            "includes another file, which xlctl does not carry",
                            "put that file's lines in its place"));
        }
        return managed.contains(name)
                ? Optional.of(
                        line.problem(
                                0,
                                "sets " + name + ", which xlctl sets itself",
                                "leave the line out"))
                : Optional.empty();
    }

    private static Optional<Problem> hbaProblem(Line line, String passwords) {
        List<Word> words =
                WORD.matcher(line.text())
                        .results()
                        .map(found -> new Word(found.start(), found.group()))
                        .toList();
        List<Word> fields = fields(line.text());
        int method = methodPlace(fields);
        if (fields.size() <= method || !HBA_TYPES.contains(fields.get(0).text())) {
            return Optional.of(
                    line.problem(
                            0,
                            "is not a rule",
                            "write it as in host all app 10.1.0.0/16 " + passwords));
        }
        Optional<Word> file = wordWith(part -> part.startsWith("@"), words);
        if (file.isPresent()) {
            return Optional.of(
                    line.problem(
                            file.get().offset(),
                            "names a file, which xlctl does not carry",
                            "put that file's words in its place"));
        }
        Optional<Word> trust = wordWith(OperatorLines::isTrust, fields.subList(3, fields.size()));
        if (trust.isPresent()) {
            return Optional.of(
                    line.problem(
                            trust.get().offset(),
                            "lets people in without a password",
                            "use " + passwords + " in place of trust"));
        }
        Word proof = fields.get(method);
        return line.goesOn() || METHODS.contains(proof.unquoted().replaceFirst(",+$", ""))
                ? Optional.empty()
                : Optional.of(
                        line.problem(
                                proof.offset(),
                                "has no method of authentication in its place",
                                "use " + passwords + ", or another that PostgreSQL has"));
    }

    /** Which field of a rule is the method. */
    private static int methodPlace(List<Word> fields) {
        if (!fields.isEmpty() && fields.get(0).text().equals("local")) {
            return 3;
        }
        boolean maskFollows =
                fields.size() > 3
                        && ADDRESS_WITHOUT_LENGTH.matcher(fields.get(3).unquoted()).matches();
        return maskFollows ? 5 : 4;
    }

    /**
     * As a server takes a rule apart: blanks between quotes, and those after a comma, end no field
     * ({@code next_field_expand} in PostgreSQL's hba.c).
     */
    private static List<Word> fields(String text) {
        List<Word> fields = new ArrayList<>();
        int at = afterGap(text, 0);
        while (at < text.length()) {
            int begin = at;
            boolean quoted = false;
            while (at < text.length() && (quoted || !isBlank(text.charAt(at)))) {
                quoted ^= text.charAt(at) == '"';
                at = !quoted && text.charAt(at) == ',' ? afterGap(text, at) : at + 1;
            }
            fields.add(new Word(begin, text.substring(begin, at)));
            at = afterGap(text, at);
        }
        return fields;
    }

    /** Where the next word begins, at or after a place. */
    private static int afterGap(String text, int from) {
        int at = from;
        while (at < text.length() && (isBlank(text.charAt(at)) || text.charAt(at) == ',')) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t' || c == '\r';
    }

    private static Optional<Word> wordWith(Predicate<String> wanted, List<Word> words) {
        return words.stream().filter(word -> word.parts().anyMatch(wanted)).findFirst();
    }

    private static boolean isTrust(String part) {
        return part.replace("\"", "").equalsIgnoreCase("trust");
    }

    private static Optional<Problem> plainTextProblem(Line line) {
        String type = fields(line.text()).stream().map(Word::text).findFirst().orElse("");
        return type.equals("hostnossl") || type.equals("hostgssenc")
                ? Optional.of(
                        line.problem(
                                0,
                                "is for connections without TLS, which this cluster refuses",
                                "write hostssl in place of " + type))
                : Optional.empty();
    }

    /** Even in a comment a backslash has the server read on in the next line. */
    private static List<Problem> continuedLines(OperatorFile hba) {
        List<Problem> problems = new ArrayList<>();
        List<String> lines = hba.text().lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i);
            if (text.endsWith("\\")) {
                problems.add(
                        new Line(Kind.HBA, hba, i + 1, 1, text, true)
                                .problem(
                                        text.length() - 1,
                                        "goes on in the next line",
                                        "write each rule on one line, and end no comment with a"
                                                + " backslash"));
            }
        }
        return problems;
    }

    /** Every line that says something. */
    private static List<Line> lines(Kind kind, OperatorFile file) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String whole : file.text().lines().toArray(String[]::new)) {
            number++;
            String said = withoutComment(whole, kind.quote);
            int begin = 0;
            int end = said.length();
            while (begin < end && isBlank(said.charAt(begin))) {
                begin++;
            }
            while (end > begin && isBlank(said.charAt(end - 1))) {
                end--;
            }
            if (begin < end) {
                int column = 1 + said.codePointCount(0, begin);
                lines.add(
                        new Line(
                                kind,
                                file,
                                number,
                                column,
                                said.substring(begin, end),
                                whole.endsWith("\\")));
            }
        }
        return lines;
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
