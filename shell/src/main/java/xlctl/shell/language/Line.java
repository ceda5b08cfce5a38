package xlctl.shell.language;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;

/**
 * A line taken apart into words. Blanks and tabs separate them; quotes of either kind keep them
 * from doing so anywhere in a word; {@code #} at the start of a word begins a comment. A backslash
 * is an ordinary character, and nothing is expanded.
 *
 * @param text the line as it was typed, for pointing at its words
 * @param complaints what cannot be read in it: an open quote, control characters
 */
public record Line(String text, List<Word> words, List<Complaint> complaints) {
    public Line {
        requireNonNull(text, "text is null");
        words = List.copyOf(words);
        complaints = List.copyOf(complaints);
    }

    public static Line read(String text) {
        List<Word> words = new ArrayList<>();
        List<Complaint> complaints = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            if (isBlank(text.charAt(at))) {
                at++;
            } else if (text.charAt(at) == '#') {
                break;
            } else {
                Word word = readWord(text, at, complaints);
                words.add(word);
                at = word.end();
            }
        }
        return new Line(text, words, complaints);
    }

    /** The words of a program's arguments, which the operating system's shell has taken apart. */
    public static Line of(List<String> arguments) {
        StringBuilder text = new StringBuilder();
        List<Word> words = new ArrayList<>();
        List<Complaint> complaints = new ArrayList<>();
        for (String argument : arguments) {
            if (text.length() > 0) {
                text.append(' ');
            }
            int start = text.length();
            text.append(quoted(argument));
            Word word = new Word(argument, start, text.length());
            words.add(word);
            if (argument.chars().anyMatch(Line::isControl)) {
                complaints.add(Complaint.about(word, "this word has a control character in it"));
            }
        }
        return new Line(text.toString(), words, complaints);
    }

    private static Word readWord(String text, int start, List<Complaint> complaints) {
        StringBuilder word = new StringBuilder();
        int at = start;
        while (at < text.length() && !isBlank(text.charAt(at))) {
            char c = text.charAt(at);
            if (c == '"' || c == '\'') {
                int close = text.indexOf(c, at + 1);
                if (close < 0) {
                    complaints.add(
                            new Complaint(at, at + 1, "this quote is not closed on its line"));
                    close = text.length();
                }
                word.append(text, at + 1, close);
                at = Math.min(close + 1, text.length());
            } else {
                word.append(c);
                at++;
            }
        }
        Word read = new Word(word.toString(), start, at);
        if (read.text().chars().anyMatch(Line::isControl)) {
            complaints.add(Complaint.about(read, "this word has a control character in it"));
        }
        return read;
    }

    private static String quoted(String argument) {
        boolean plain =
                !argument.isEmpty()
                        && argument.chars().noneMatch(c -> c <= ' ' || c == '"' || c == '\'')
                        && argument.charAt(0) != '#';
        if (plain) {
            return argument;
        }
        return argument.indexOf('\'') < 0 ? "'" + argument + "'" : "\"" + argument + "\"";
    }

    private static boolean isBlank(int c) {
        return c == ' ' || c == '\t';
    }

    private static boolean isControl(int c) {
        return c < ' ' && c != '\t' || c == 0x7f || c == 0xfffd;
    }
}
