package xlctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/pgxc_ctl-defects.md against the tests of all modules. */
class DefectsPageTest {
    private static final Path ROOT = Path.of("..");
    private static final String NOT_HERE = "does not apply";

    /** It is the last of a test's annotations. */
    private static final Pattern NUMBERED =
            Pattern.compile("@DisplayName\\(\\s*\"D(\\d+): [^\"]*\"\\)\\s*void (\\w+)\\(");

    private static final Pattern ANY_NUMBER = Pattern.compile("@DisplayName\\(\\s*\"D\\d+:");

    /** A number of the page and a test, or the words that it does not apply. */
    private record Entry(int number, String test) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return toString().compareTo(other.toString());
        }
    }

    private final List<Integer> numbers = new ArrayList<>();
    private final Set<Entry> page = new TreeSet<>();
    private final Set<Entry> tests = new TreeSet<>();

    @BeforeEach
    void readBoth() throws IOException {
        Files.readString(ROOT.resolve("docs/pgxc_ctl-defects.md"))
                .lines()
                .filter(line -> line.startsWith("| D"))
                .forEach(this::takeRow);
        for (Path source : testSources()) {
            takeTests(source);
        }
    }

    @Test
    void hasEveryNumberOnce() {
        assertThat(numbers)
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 30).boxed().toList());
    }

    @Test
    void namesTheTestsThatHaveTheNumbersAndNoOthers() {
        assertThat(page.stream().filter(entry -> !entry.test().equals(NOT_HERE)))
                .containsExactlyElementsOf(tests);
    }

    private void takeRow(String row) {
        String[] cells = row.split("\\|");
        int number = Integer.parseInt(cells[1].strip().substring(1));
        numbers.add(number);
        assertThat(cells).as(row).hasSize(5).allMatch(cell -> cell.isEmpty() || !cell.isBlank());
        for (String test : cells[4].strip().split(", ")) {
            page.add(new Entry(number, test));
        }
    }

    private void takeTests(Path source) throws IOException {
        String text = Files.readString(source);
        String name = source.getFileName().toString().replace(".java", "");
        int found = 0;
        Matcher matcher = NUMBERED.matcher(text);
        while (matcher.find()) {
            tests.add(new Entry(Integer.parseInt(matcher.group(1)), name + "." + matcher.group(2)));
            found++;
        }
        assertThat(ANY_NUMBER.matcher(text).results().count()).as(name).isEqualTo(found);
    }

    private static List<Path> testSources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module :
                List.of("topology", "agent-api", "node-agent", "controller", "shell")) {
            try (Stream<Path> all = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                all.filter(file -> file.toString().endsWith(".java"))
                        .filter(file -> !file.endsWith("DefectsPageTest.java"))
                        .forEach(sources::add);
            }
        }
        return sources;
    }
}
