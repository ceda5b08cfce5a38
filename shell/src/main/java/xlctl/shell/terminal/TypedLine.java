package xlctl.shell.terminal;

import java.util.ArrayList;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import xlctl.shell.language.Line;
import xlctl.shell.language.Word;

/** A line that is being typed, taken apart as the language does it, for completion. */
final class TypedLine implements CompletingParsedLine {
    private final String text;
    private final int cursor;
    private final List<String> words = new ArrayList<>();
    private final int start;
    private final int end;
    private final int wordCursor;
    private final boolean comment;

    TypedLine(String text, int cursor) {
        this.text = text;
        this.cursor = cursor;
        String typed = text.substring(0, cursor);
        List<Word> before = new ArrayList<>(Line.read(typed).words());
        int last = before.isEmpty() ? 0 : before.get(before.size() - 1).end();
        this.comment = typed.indexOf('#', last) >= 0;
        if (!before.isEmpty() && last == cursor) {
            Word current = before.remove(before.size() - 1);
            Word whole = wordAt(current.start(), current);
            before.forEach(word -> words.add(word.text()));
            words.add(whole.text());
            this.start = current.start();
            this.end = whole.end();
            this.wordCursor = Math.min(current.text().length(), whole.text().length());
        } else {
            before.forEach(word -> words.add(word.text()));
            words.add("");
            this.start = cursor;
            this.end = cursor;
            this.wordCursor = 0;
        }
    }

    private Word wordAt(int place, Word otherwise) {
        return Line.read(text).words().stream()
                .filter(word -> word.start() == place)
                .findFirst()
                .orElse(otherwise);
    }

    /** Whether the cursor is in a comment. */
    boolean comment() {
        return comment;
    }

    /** The words before the one that is being typed. */
    List<String> before() {
        return List.copyOf(words.subList(0, words.size() - 1));
    }

    /** The part of the word before the cursor. */
    String typed() {
        return word().substring(0, wordCursor);
    }

    @Override
    public String word() {
        return words.get(words.size() - 1);
    }

    @Override
    public int wordCursor() {
        return wordCursor;
    }

    @Override
    public int wordIndex() {
        return words.size() - 1;
    }

    @Override
    public List<String> words() {
        return List.copyOf(words);
    }

    @Override
    public String line() {
        return text;
    }

    @Override
    public int cursor() {
        return cursor;
    }

    @Override
    public int rawWordCursor() {
        return cursor - start;
    }

    @Override
    public int rawWordLength() {
        return end - start;
    }

    /** In quotes where it needs them, or where the operator has begun with one. */
    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
        String value = candidate.toString();
        char opened = start < end ? text.charAt(start) : ' ';
        boolean isOpened = opened == '"' || opened == '\'';
        boolean needed =
                value.isEmpty()
                        || value.startsWith("#")
                        || value.chars()
                                .anyMatch(c -> c == ' ' || c == '\t' || c == '"' || c == '\'');
        if (!needed && !isOpened) {
            return value;
        }
        char quote = isOpened && value.indexOf(opened) < 0 ? opened : '\'';
        if (value.indexOf(quote) >= 0) {
            quote = '"';
        }
        return quote + value + (complete ? String.valueOf(quote) : "");
    }
}
