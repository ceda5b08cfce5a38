package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import xlctl.shell.language.Line;
import xlctl.shell.language.Word;

/**
 * One row of the tables in {@code bad-inputs}: what is prepared, what is run, and what must come of
 * it. {@code bad-inputs/README.txt} says how a row is written.
 *
 * @param table the file it is in
 * @param prepared lines before the command, as they stand there
 * @param command the line after the dollar sign
 * @param expected the exit code, then every line of output
 */
public record BadInput(
        String table, String title, List<String> prepared, String command, List<String> expected) {
    private static final List<String> TABLES =
            List.of(
                    "options.txt",
                    "commands.txt",
                    "values.txt",
                    "scripts.txt",
                    "files.txt",
                    "settings.txt",
                    "identities.txt",
                    "agents.txt",
                    "clusters.txt");

    public BadInput {
        prepared = List.copyOf(prepared);
        expected = List.copyOf(expected);
    }

    public static List<BadInput> all() {
        List<BadInput> all = new ArrayList<>();
        TABLES.forEach(table -> all.addAll(read(table)));
        return all;
    }

    static List<BadInput> read(String table) {
        List<BadInput> rows = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : text(table).lines().toList()) {
            if (line.startsWith("== ")) {
                row(table, block).ifPresent(rows::add);
                block.clear();
            }
            block.add(line);
        }
        row(table, block).ifPresent(rows::add);
        return rows;
    }

    private static Optional<BadInput> row(String table, List<String> block) {
        if (block.isEmpty() || !block.get(0).startsWith("== ")) {
            return Optional.empty();
        }
        List<String> lines = new ArrayList<>(block);
        while (lines.get(lines.size() - 1).isBlank()) {
            lines.remove(lines.size() - 1);
        }
        int command = 0;
        while (!lines.get(command).startsWith("$ ")) {
            command++;
        }
        return Optional.of(
                new BadInput(
                        table,
                        lines.get(0).substring(3),
                        lines.subList(1, command),
                        lines.get(command).substring(2),
                        lines.subList(command + 1, lines.size())));
    }

    /** The program and its arguments. */
    public List<String> words() {
        return Line.read(command).words().stream()
                .map(Word::text)
                .map(word -> new String(unescaped(word), UTF_8))
                .toList();
    }

    /** What stands after a word in a line of what is prepared: the names of files, for instance. */
    List<Preparation> preparations() {
        return prepared.stream().map(Preparation::read).toList();
    }

    /**
     * A line of what is prepared: {@code WHAT NAME: VALUE}.
     *
     * @param name empty where it has none
     */
    record Preparation(String what, String name, byte[] value) {
        static Preparation read(String line) {
            int colon = line.indexOf(": ");
            String head = colon < 0 ? line : line.substring(0, colon);
            int blank = head.indexOf(' ');
            return new Preparation(
                    blank < 0 ? head : head.substring(0, blank),
                    blank < 0 ? "" : head.substring(blank + 1),
                    unescaped(colon < 0 ? "" : line.substring(colon + 2)));
        }

        String text() {
            return new String(value, UTF_8);
        }
    }

    /** As a table has it. */
    String block(List<String> outcome) {
        List<String> lines = new ArrayList<>();
        lines.add("== " + title);
        lines.addAll(prepared);
        lines.add("$ " + command);
        lines.addAll(outcome);
        return String.join("\n", lines) + "\n";
    }

    @Override
    public String toString() {
        return table + ": " + title;
    }

    private static byte[] unescaped(String text) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c != '\\') {
                int end = at + Character.charCount(text.codePointAt(at));
                bytes.writeBytes(text.substring(at, end).getBytes(UTF_8));
                at = end;
                continue;
            }
            char kind = text.charAt(at + 1);
            int digits = kind == 'u' ? 4 : kind == 'x' ? 2 : 0;
            int number = digits == 0 ? 0 : Integer.parseInt(text, at + 2, at + 2 + digits, 16);
            switch (kind) {
                case 'n' -> bytes.write('\n');
                case 'r' -> bytes.write('\r');
                case 't' -> bytes.write('\t');
                case '\\' -> bytes.write('\\');
                case 'x' -> bytes.write(number);
                case 'u' -> bytes.writeBytes(Character.toString(number).getBytes(UTF_8));
                default -> throw new IllegalArgumentException("\\" + kind + " in: " + text);
            }
            at += 2 + digits;
        }
        return bytes.toByteArray();
    }

    private static String text(String table) {
        try (InputStream in = BadInput.class.getResourceAsStream("bad-inputs/" + table)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
