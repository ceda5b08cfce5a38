package xlctl.shell.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import xlctl.json.JsonDocument;
import xlctl.json.JsonTree;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.Format;

/**
 * Every answer in every format, byte for byte as the files in src/test/resources/output have it.
 * With {@code -Dxlctl.golden=write} they are written anew instead, in the source tree.
 */
class GoldenOutputTest {
    private static final Path FILES = Path.of("src", "test", "resources", "output");
    private static final boolean WRITE = "write".equals(System.getProperty("xlctl.golden"));
    private static final Pattern SECTION =
            Pattern.compile(
                    "^## `([a-z-]+)`$(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);

    @TestFactory
    Stream<DynamicTest> isWrittenAsItAlwaysWas() {
        return SampleAnswers.all().entrySet().stream()
                .flatMap(
                        sample ->
                                Stream.of(Format.values())
                                        .map(
                                                format ->
                                                        DynamicTest.dynamicTest(
                                                                sample.getKey() + " " + format,
                                                                () ->
                                                                        compare(
                                                                                sample.getKey(),
                                                                                sample.getValue(),
                                                                                format))));
    }

    @Test
    void everyKindOfAnswerHasASample() {
        assertThat(SampleAnswers.all().values().stream().<Class<?>>map(Answer::getClass).distinct())
                .containsExactlyInAnyOrder(Answer.class.getPermittedSubclasses());
    }

    @Test
    void theDocumentationHasEveryFieldInTheSectionOfItsKind() throws IOException {
        Matcher sections = SECTION.matcher(Files.readString(Path.of("..", "docs", "output.md")));
        Map<String, String> documented = new HashMap<>();
        while (sections.find()) {
            documented.put(sections.group(1), sections.group(2));
        }
        for (Answer answer : SampleAnswers.all().values()) {
            Set<String> fields = new TreeSet<>();
            collect(AnswerWriter.document(answer), fields);
            fields.removeAll(List.of("format", "kind", "what", "remedy"));
            assertThat(documented).containsKey(answer.kind());
            assertThat(fields)
                    .as("fields of " + answer.kind())
                    .allSatisfy(
                            field ->
                                    assertThat(documented.get(answer.kind()))
                                            .contains("`" + field + "`"));
            assertThat(lines(answer, Format.TSV).get(0).split("\t"))
                    .as("columns of " + answer.kind())
                    .allSatisfy(
                            column ->
                                    assertThat(documented.get(answer.kind()))
                                            .contains("`" + column + "`"));
        }
    }

    @Test
    void aDocumentOnOneLineIsTheSameDocument() {
        Answer status = SampleAnswers.all().get("status");

        String line = JsonDocument.line(AnswerWriter.document(status));

        assertThat(line).doesNotContain("\n");
        assertThat(JsonTree.read(line, "it").text("kind")).contains("status");
    }

    private static void compare(String name, Answer answer, Format format) throws IOException {
        Path file = FILES.resolve(name + "." + (format == Format.TEXT ? "txt" : format.word()));
        String written = String.join("\n", lines(answer, format)) + "\n";
        if (WRITE) {
            Files.createDirectories(FILES);
            Files.writeString(file, written);
        }
        assertThat(written).isEqualTo(Files.readString(file));
    }

    /** Both of what goes to standard output and what goes to standard error. */
    private static List<String> lines(Answer answer, Format format) {
        List<String> lines = new ArrayList<>();
        new AnswerWriter(lines::add, line -> lines.add("[stderr] " + line), Screen.PLAIN)
                .write(answer, format);
        return lines;
    }

    private static void collect(Object value, Set<String> names) {
        if (value instanceof Map<?, ?> fields) {
            fields.forEach(
                    (name, field) -> {
                        names.add(name.toString());
                        collect(field, names);
                    });
        } else if (value instanceof List<?> list) {
            list.forEach(element -> collect(element, names));
        }
    }
}
