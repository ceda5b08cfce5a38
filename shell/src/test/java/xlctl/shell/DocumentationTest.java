package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import xlctl.agent.config.AgentConfigFile;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;
import xlctl.shell.language.Word;
import xlctl.shell.script.MalformedScriptException;
import xlctl.shell.script.Script;
import xlctl.shell.settings.Home;
import xlctl.shell.settings.Settings;

/**
 * What readers of the documentation paste, follow and search for. The blocks of the README that are
 * tagged {@code quickstart} and {@code quickstart-down} are run elsewhere, as those of docs/sql.md.
 */
class DocumentationTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    /** Programs of the system that the documentation may use. */
    private static final Set<String> STOCK = Set.of("echo", "psql", "ssh", "sudo");

    private static final Pattern PROMPT =
            Pattern.compile("xlctl(?: [^ >]+)?(?: \\(dry run\\))?> (.*)");
    private static final Pattern OWN_FILE =
            Pattern.compile("(?:bin|docs|examples)/[A-Za-z0-9_./-]*");

    private final List<Document> documents = Document.all(ROOT);
    private final Parser parser = new Parser(TextFiles.below(ROOT));
    private final List<String> problems = new ArrayList<>();

    DocumentationTest() throws IOException {}

    @Test
    void everyBlockIsOfAKindThatIsChecked() {
        blocks(block -> true)
                .filter(
                        block ->
                                !Set.of("bash", "console", "sql", "xlctl", "yaml", "ini", "")
                                        .contains(block.language()))
                .forEach(block -> problems.add(block.where() + ": " + block.language()));
        blocks(block -> block.language().isEmpty())
                .filter(
                        block ->
                                block.lines().stream()
                                        .anyMatch(line -> line.matches("(\\$ )?bin/.*")))
                .forEach(
                        block ->
                                problems.add(
                                        block.where() + ": commands in a block without a kind"));

        assertThat(problems).isEmpty();
    }

    @Test
    void everyCommandForTheSystemsShellCanBeGiven() {
        blocks(block -> block.language().equals("bash"))
                .forEach(
                        block ->
                                block.lines().forEach(line -> checkShellLine(block.where(), line)));
        blocks(block -> block.language().equals("console"))
                .forEach(
                        block ->
                                block.lines().stream()
                                        .filter(line -> line.startsWith("$ "))
                                        .forEach(
                                                line ->
                                                        checkShellLine(
                                                                block.where(), line.substring(2))));
        documents.forEach(
                document ->
                        document.code().stream()
                                .filter(code -> code.startsWith("bin/xlctl "))
                                .forEach(code -> checkShellLine(document.file().toString(), code)));

        assertThat(problems).isEmpty();
    }

    @Test
    void everyCommandOfTheLanguageIsUnderstood() {
        blocks(block -> block.language().equals("xlctl"))
                .forEach(block -> checkScript(block.where(), String.join("\n", block.lines())));
        blocks(block -> block.language().equals("console"))
                .forEach(
                        block ->
                                block.lines().stream()
                                        .map(PROMPT::matcher)
                                        .filter(Matcher::matches)
                                        .forEach(
                                                line -> checkScript(block.where(), line.group(1))));

        assertThat(problems).isEmpty();
    }

    @Test
    void everySampleOfASettingsFileIsTaken(@TempDir Path directory) throws IOException {
        for (Document.Block block : blocks(b -> b.language().equals("yaml")).toList()) {
            String name = block.lines().get(0).replace("# ", "");
            assertThat(name).as(block.where()).isIn("xlctl.yaml", "agent.yaml");
            Path file = directory.resolve(name);
            Files.write(file, block.lines());
            if (name.equals("agent.yaml")) {
                assertThat(AgentConfigFile.read(file).dataRoots()).isNotEmpty();
            } else {
                Settings settings = Settings.read(new Home(directory), Map.of(), Map.of());
                assertThat(settings.forController().cluster()).isNotNull();
            }
        }
    }

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        for (Document document : documents) {
            for (String link : document.links()) {
                String[] parts = link.split("#", 2);
                Path target =
                        parts[0].isEmpty()
                                ? document.file()
                                : document.file().resolveSibling(parts[0]).normalize();
                boolean there =
                        Files.exists(target)
                                && (parts.length == 1
                                        || documents.stream()
                                                .filter(other -> other.file().equals(target))
                                                .anyMatch(
                                                        other ->
                                                                other.anchors()
                                                                        .contains(parts[1])));
                if (!there) {
                    problems.add(document.file() + ": " + link);
                }
            }
            document.code().stream()
                    .flatMap(code -> Stream.of(code.split(" ")))
                    .filter(word -> OWN_FILE.matcher(word).matches())
                    .filter(word -> !Files.exists(ROOT.resolve(word)))
                    .forEach(word -> problems.add(document.file() + ": " + word));
        }

        assertThat(problems).isEmpty();
    }

    @Test
    void theMessagesOfTheGuideAreThoseOfTheProgram() throws IOException {
        String program = sources();
        List<String> messages = column(guide(), "## Troubleshooting");

        assertThat(messages).hasSizeGreaterThan(20);
        for (String message : messages) {
            Arrays.stream(message.split("\\.\\.\\."))
                    .map(String::strip)
                    .filter(piece -> !program.contains(piece))
                    .forEach(piece -> problems.add(message + ": nothing says \"" + piece + "\""));
        }
        assertThat(problems).isEmpty();
    }

    @Test
    void theGuideNamesEverySettingOfTheAgent() throws IOException {
        List<String> keys =
                Files.readAllLines(ROOT.resolve("examples/agent.yaml")).stream()
                        .map(line -> line.replaceFirst("^# (?=[a-z-]+: )", ""))
                        .filter(line -> line.matches("[a-z-]+:.*"))
                        .map(line -> line.substring(0, line.indexOf(':')))
                        .toList();

        assertThat(column(guide(), "## Settings")).containsExactlyElementsOf(keys);
    }

    @Test
    void theReadmeHasTheCommandsThatAreRunElsewhere() {
        assertThat(blocks(block -> block.tag().startsWith("quickstart")))
                .extracting(block -> block.language() + " " + block.tag())
                .containsExactlyInAnyOrder("bash quickstart", "bash quickstart-down");
    }

    private Stream<Document.Block> blocks(Predicate<Document.Block> wanted) {
        return documents.stream().flatMap(document -> document.blocks().stream()).filter(wanted);
    }

    private void checkShellLine(String where, String line) {
        List<List<String>> pipe = new ArrayList<>(List.of(new ArrayList<>()));
        for (Word word : Line.read(line).words()) {
            if (word.text().equals("|")) {
                pipe.add(new ArrayList<>());
            } else {
                pipe.get(pipe.size() - 1).add(word.text());
            }
        }
        for (List<String> words : pipe) {
            checkProgram(where, words);
        }
        boolean fed = pipe.size() == 2 && pipe.get(0).get(0).equals("echo");
        if (fed && pipe.get(1).get(0).equals("bin/xlctl")) {
            checkScript(where, pipe.get(0).get(1));
        }
    }

    private void checkProgram(String where, List<String> words) {
        String program =
                words.stream().filter(word -> !word.matches("[A-Z_]+=.*")).findFirst().orElse("");
        if (program.equals("bin/xlctl")) {
            checkXlctl(where, words.subList(1, words.size()));
        } else if (program.equals("swarm/shell")) {
            checkXlctl(where, words.subList(2, words.size()));
        } else if (program.matches("(bin|swarm|examples)/.*")
                ? !Files.isExecutable(ROOT.resolve(program))
                : !STOCK.contains(program)) {
            problems.add(where + ": " + program + " is no program that is known here");
        }
    }

    private void checkXlctl(String where, List<String> arguments) {
        Options options = new Options();
        try {
            CommandLine.ParseResult parsed =
                    Program.commandLine(options, new QuickstartCommand(Map.of(), words -> 0))
                            .parseArgs(arguments.toArray(String[]::new));
            if (parsed.hasSubcommand()) {
                return;
            }
        } catch (CommandLine.ParameterException e) {
            problems.add(where + ": " + e.getMessage());
            return;
        }
        Optional<String> script = options.script();
        if (script.isPresent()) {
            checkScript(where, read(ROOT.resolve(script.get())));
        } else if (!options.words().isEmpty()) {
            Parsed parsed = parser.parse(Line.of(options.words()));
            if (parsed instanceof Parsed.Malformed malformed) {
                problems.addAll(malformed.lines(where));
            }
        }
    }

    private void checkScript(String where, String text) {
        try {
            if (Script.read(text.getBytes(UTF_8), where, parser).items().isEmpty()) {
                problems.add(where + ": there is no command");
            }
        } catch (MalformedScriptException e) {
            problems.addAll(e.lines());
        }
    }

    private Document guide() {
        return documents.stream()
                .filter(document -> document.file().endsWith("operators-guide.md"))
                .findFirst()
                .orElseThrow();
    }

    /** What stands between backticks at the start of a table's rows. */
    private static List<String> column(Document document, String heading) {
        return document.prose().stream()
                .dropWhile(line -> !line.equals(heading))
                .skip(1)
                .takeWhile(line -> !line.startsWith("## "))
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.substring(3, line.indexOf('`', 3)))
                .toList();
    }

    /**
     * Everything the program is made of, its texts in one piece as far as nothing comes between.
     */
    private static String sources() throws IOException {
        StringBuilder text = new StringBuilder();
        for (String module :
                List.of("topology", "agent-api", "node-agent", "controller", "shell")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
                files.filter(file -> file.toString().endsWith(".java"))
                        .forEach(file -> text.append(read(file)).append('\n'));
            }
        }
        return text.toString().replaceAll("\"\\s*\\+\\s*\"", "").replace("\\\"", "\"");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
