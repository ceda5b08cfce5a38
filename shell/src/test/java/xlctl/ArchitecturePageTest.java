package xlctl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** docs/architecture.md against the code of all modules. */
class ArchitecturePageTest {
    private static final Path ROOT = Path.of("..");
    private static final Pattern DECLARED =
            Pattern.compile("\\b(?:class|record|interface|enum) ([A-Z]\\w*)");

    /** {@code Type}, {@code Type.Nested} or {@code Type.method}, in back quotes. */
    private static final Pattern QUOTED = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");

    /** The same, in the picture of a command's way, where nothing is quoted. */
    private static final Pattern PICTURED =
            Pattern.compile("\\b([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?");

    private static final Pattern PACKAGE = Pattern.compile("`(xlctl(?:\\.[a-z]+)+)`");

    private final Map<String, List<String>> sources = new HashMap<>();
    private final Set<String> packages = new TreeSet<>();
    private String page;

    @BeforeEach
    void read() throws IOException {
        page = Files.readString(ROOT.resolve("docs/architecture.md"));
        for (String module :
                List.of("topology", "agent-api", "node-agent", "controller", "shell")) {
            Path code = ROOT.resolve(module).resolve("src/main/java");
            for (Path file : sourcesBelow(code)) {
                packages.add(code.relativize(file.getParent()).toString().replace('/', '.'));
            }
            for (Path file : sourcesBelow(ROOT.resolve(module).resolve("src"))) {
                read(file);
            }
        }
    }

    private static List<Path> sourcesBelow(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(ArchitecturePageTest::isSource).toList();
        }
    }

    private static boolean isSource(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".java") && !name.equals("package-info.java");
    }

    private void read(Path file) throws IOException {
        String source = Files.readString(file);
        Matcher declared = DECLARED.matcher(source);
        while (declared.find()) {
            sources.computeIfAbsent(declared.group(1), name -> new ArrayList<>()).add(source);
        }
    }

    @Test
    void everyTypeThatItNamesIsOneOfTheCode() {
        List<String> missing = new ArrayList<>();
        collect(QUOTED.matcher(page), missing);
        String picture = section("How a command travels").split("```", 3)[1];
        collect(PICTURED.matcher(picture.replace("ZooKeeper", "")), missing);

        assertThat(missing).isEmpty();
    }

    private void collect(Matcher named, List<String> missing) {
        while (named.find()) {
            String member = named.group(2);
            boolean there =
                    sources.getOrDefault(named.group(1), List.of()).stream()
                            .anyMatch(
                                    source ->
                                            member == null
                                                    || source.matches(
                                                            "(?s).*\\b" + member + "\\b.*"));
            if (!there) {
                missing.add(named.group());
            }
        }
    }

    @Test
    void itsTableHasEveryPackageAndNoOther() {
        List<String> listed = new ArrayList<>();
        section("Modules")
                .lines()
                .filter(line -> line.startsWith("|"))
                .map(line -> PACKAGE.matcher(line))
                .filter(Matcher::find)
                .forEach(row -> listed.add(row.group(1)));

        assertThat(listed).doesNotHaveDuplicates();
        assertThat(new HashSet<>(listed)).isEqualTo(packages);
    }

    @Test
    void everyPackageThatItNamesIsOneOfTheCode() {
        assertThat(PACKAGE.matcher(page).results().map(each -> each.group(1))).isSubsetOf(packages);
    }

    private String section(String title) {
        String from = page.substring(page.indexOf("\n## " + title + "\n") + 4);
        int end = from.indexOf("\n## ");
        return end < 0 ? from : from.substring(0, end);
    }
}
