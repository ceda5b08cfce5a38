package xlctl.shell;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A Markdown file of the project, taken apart as far as its readers paste from it. */
record Document(Path file, List<Block> blocks, List<String> prose) {
    private static final Pattern FENCE = Pattern.compile("```(\\S*)\\s*(.*)");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");

    /**
     * What stands between two fences.
     *
     * @param where the file and the line of its first fence
     * @param language the first word after that fence
     * @param tag what follows it
     */
    record Block(String where, String language, String tag, List<String> lines) {}

    /** README.md and everything below docs. */
    static List<Document> all(Path root) throws IOException {
        try (Stream<Path> docs = Files.walk(root.resolve("docs"))) {
            return Stream.concat(Stream.of(root.resolve("README.md")), docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .map(file -> read(root, file))
                    .toList();
        }
    }

    private static Document read(Path root, Path file) {
        List<Block> blocks = new ArrayList<>();
        List<String> prose = new ArrayList<>();
        List<String> lines;
        try {
            lines = Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (int at = 0; at < lines.size(); at++) {
            Matcher fence = FENCE.matcher(lines.get(at));
            if (!fence.matches()) {
                prose.add(lines.get(at));
                continue;
            }
            int end = at + 1;
            while (!lines.get(end).equals("```")) {
                end++;
            }
            blocks.add(
                    new Block(
                            root.relativize(file) + ":" + (at + 1),
                            fence.group(1),
                            fence.group(2),
                            List.copyOf(lines.subList(at + 1, end))));
            at = end;
        }
        return new Document(file, blocks, prose);
    }

    List<String> links() {
        return found(LINK);
    }

    /** What stands between backticks, on one line or wrapped over two. */
    List<String> code() {
        return found(CODE);
    }

    /** The names under which headings can be linked to, as GitHub makes them. */
    List<String> anchors() {
        return prose.stream()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "").toLowerCase(Locale.ROOT))
                .map(line -> line.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
                .toList();
    }

    private List<String> found(Pattern pattern) {
        return pattern.matcher(prose.stream().collect(Collectors.joining("\n")))
                .results()
                .map(result -> result.group(1).replace('\n', ' '))
                .toList();
    }
}
