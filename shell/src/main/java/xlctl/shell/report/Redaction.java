package xlctl.shell.report;

import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import xlctl.topology.Secret;

/**
 * Makes secrets in texts unreadable: those that are known, wherever they are, and others by what
 * stands around them.
 */
public final class Redaction {
    private static final String HIDDEN = "********";

    private static final String NAME = "(?:passw(?:or)?d|passphrase_command|radiussecrets)";

    /**
     * Of a text in quotes, as SQL and connection strings have it, also within another text of SQL,
     * where quotes are doubled, and within JSON. One that does not end was cut off.
     */
    private static final String VALUE =
            "(''(?:[^']++|'''')+''"
                    + "|[eE]'(?:[^'\\\\]++|''|\\\\.)*'"
                    + "|(?:[uU]&|[nN])?'(?:[^']++|'')*(?:'|$)"
                    + "|\\\\?\"(?:[^\"\\\\]++|\\\\[^\"])*\\\\?\""
                    + "|\\$(\\w*)\\$.*?\\$\\2\\$)";

    private static final List<Pattern> TELLTALE =
            List.of(
                    Pattern.compile(
                            "(?i)(?<=" + NAME + "\\\\?[\"']?\\s{0,9}[=:]\\s{0,9})" + VALUE,
                            Pattern.DOTALL),
                    Pattern.compile(
                            "(?i)(?<=" + NAME + "\\\\?\"?\\s{1,9})" + VALUE, Pattern.DOTALL),
                    Pattern.compile("(?i)(?<=" + NAME + "\\s{0,9}[=:]\\s{0,9})[^\\s'\"*,;)]+"),
                    Pattern.compile("(?<=\\w://[^\\s:/@]{0,99}:)[^\\s@]+(?=@)"),
                    Pattern.compile("SCRAM-SHA-256\\$[^\\s'\"]+"),
                    Pattern.compile("\\bmd5[0-9a-f]{32}\\b"),
                    Pattern.compile(
                            "-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)",
                            Pattern.DOTALL));

    private final List<String> known;

    /** What these have in them that is secret is one line each. */
    public Redaction(List<Secret> known) {
        this.known =
                known.stream()
                        .map(Secret::reveal)
                        .distinct()
                        .sorted(Comparator.comparingInt(String::length).reversed())
                        .toList();
    }

    public String of(String text) {
        String left = text;
        for (String secret : known) {
            left = left.replace(secret, HIDDEN);
        }
        for (Pattern pattern : TELLTALE) {
            left = pattern.matcher(left).replaceAll(HIDDEN);
        }
        return left;
    }
}
