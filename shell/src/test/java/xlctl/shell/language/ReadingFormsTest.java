package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import xlctl.shell.answer.Format;

/** Every command that reads answers in every format. */
class ReadingFormsTest {
    private final Parser parser = new Parser(TextFiles.below(Path.of("")));

    static Stream<String> examples() {
        return Grammar.FORMS.stream().map(Form::example);
    }

    static Stream<String> readings() {
        Parser parser = new Parser(TextFiles.below(Path.of("")));
        return examples()
                .filter(
                        example ->
                                parser.parse(Line.read(example))
                                                instanceof Parsed.Understood understood
                                        && understood.statement() instanceof Statement.Reading);
    }

    @ParameterizedTest
    @MethodSource("readings")
    void takesAFormat(String example) {
        for (Format format : Format.values()) {
            Parsed parsed = parser.parse(Line.read(example + " --output " + format.word()));

            assertThat(parsed)
                    .isInstanceOfSatisfying(
                            Parsed.Understood.class,
                            understood ->
                                    assertThat(understood.statement())
                                            .isEqualTo(
                                                    new Statement.Formatted(
                                                            reading(example), format)));
        }
    }

    @ParameterizedTest
    @MethodSource("readings")
    void refusesAFormatThatIsNone(String example) {
        assertThat(parser.parse(Line.read(example + " --output xml")))
                .isInstanceOfSatisfying(
                        Parsed.Malformed.class,
                        malformed ->
                                assertThat(malformed.complaints().get(0).what())
                                        .isEqualTo(
                                                "expected \"text\", \"json\", \"yaml\" or \"tsv\","
                                                        + " found \"xml\""));
    }

    @Test
    void everyKindOfReadingIsInTheTable() {
        List<Class<?>> inTable =
                readings()
                        .<Class<?>>map(example -> reading(example).getClass())
                        .distinct()
                        .toList();

        assertThat(inTable)
                .containsExactlyInAnyOrder(Statement.Reading.class.getPermittedSubclasses());
    }

    private Statement.Reading reading(String example) {
        return (Statement.Reading)
                ((Parsed.Understood) parser.parse(Line.read(example))).statement();
    }
}
