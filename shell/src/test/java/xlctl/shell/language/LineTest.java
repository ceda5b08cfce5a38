package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LineTest {
    static Stream<Arguments> lines() {
        return Stream.of(
                Arguments.of("", List.of()),
                Arguments.of("  \t ", List.of()),
                Arguments.of("# all of it", List.of()),
                Arguments.of("  # all of it", List.of()),
                Arguments.of("monitor all", List.of("monitor", "all")),
                Arguments.of("\tmonitor \t all  ", List.of("monitor", "all")),
                Arguments.of("monitor all # and this", List.of("monitor", "all")),
                Arguments.of("monitor all #", List.of("monitor", "all")),
                Arguments.of("a /data/a#b c", List.of("a", "/data/a#b", "c")),
                Arguments.of("a '#' b", List.of("a", "#", "b")),
                Arguments.of("a \"b c\" d", List.of("a", "b c", "d")),
                Arguments.of("a 'b \"c' d", List.of("a", "b \"c", "d")),
                Arguments.of("a b\"c d\"'e f'g", List.of("a", "bc de fg")),
                Arguments.of("\"a\"b c", List.of("ab", "c")),
                Arguments.of("a '' b", List.of("a", "", "b")),
                Arguments.of("a \\ b\\\"c d\"", List.of("a", "\\", "b\\c d")),
                Arguments.of("a $HOME ~ *", List.of("a", "$HOME", "~", "*")),
                Arguments.of("add ünïcode", List.of("add", "ünïcode")));
    }

    @ParameterizedTest
    @MethodSource("lines")
    void takesALineApartIntoWords(String text, List<String> words) {
        Line line = Line.read(text);

        assertThat(line.words().stream().map(Word::text)).isEqualTo(words);
        assertThat(line.complaints()).isEmpty();
    }

    @Test
    void knowsWhereEachWordStandsWithItsQuotes() {
        assertThat(Line.read(" add 'a b' c").words())
                .containsExactly(
                        new Word("add", 1, 4), new Word("a b", 5, 10), new Word("c", 11, 12));
    }

    @Test
    void pointsAtAQuoteThatIsNotClosed() {
        assertThat(Line.read("add x\"y z").complaints())
                .containsExactly(new Complaint(5, 6, "this quote is not closed on its line"));
    }

    @Test
    void refusesControlCharacters() {
        assertThat(Line.read("add a\u0001b").complaints())
                .containsExactly(new Complaint(4, 7, "this word has a control character in it"));
        assertThat(Line.of(List.of("add", "a\nb")).complaints()).hasSize(1);
    }

    @Test
    void takesArgumentsOfAProgramAsTheyAre() {
        Line line = Line.of(List.of("add", "a b", "#x", "", "it's"));

        assertThat(line.words().stream().map(Word::text))
                .containsExactly("add", "a b", "#x", "", "it's");
        assertThat(line.text()).isEqualTo("add 'a b' '#x' '' \"it's\"");
        assertThat(Line.read(line.text()).words()).isEqualTo(line.words());
    }
}
