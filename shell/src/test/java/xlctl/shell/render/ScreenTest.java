package xlctl.shell.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import xlctl.shell.answer.Answer;
import xlctl.shell.answer.Format;

class ScreenTest {
    @Test
    void aTerminalHasItsOwnWidthAndColours() {
        assertThat(Screen.terminal(132, 50, Map.of("TERM", "xterm", "COLUMNS", "70")))
                .isEqualTo(new Screen(132, Optional.of(50), true, true));
    }

    @Test
    void noColorTakesTheColoursAndNothingElse() {
        assertThat(Screen.terminal(0, 0, Map.of("TERM", "xterm", "NO_COLOR", "1")))
                .isEqualTo(new Screen(80, Optional.empty(), true, false));
        assertThat(Screen.terminal(80, 24, Map.of("TERM", "xterm", "NO_COLOR", "")).colours())
                .isTrue();
    }

    @Test
    void aDumbTerminalGetsNoControlCharacters() {
        assertThat(Screen.terminal(80, 24, Map.of("TERM", "dumb")))
                .isEqualTo(new Screen(80, Optional.of(24), false, false));
        assertThat(Screen.terminal(80, 24, Map.of()).redraws()).isFalse();
    }

    @Test
    void withoutATerminalItIsEightyColumnsWideUnlessColumnsIsSet() {
        assertThat(Screen.plain(Map.of())).isEqualTo(Screen.PLAIN);
        assertThat(Screen.plain(Map.of("COLUMNS", "100", "TERM", "xterm")).columns())
                .isEqualTo(100);
        assertThat(Screen.plain(Map.of("COLUMNS", "many")).columns()).isEqualTo(80);
    }

    @Test
    void whatIsBelowTheScreenIsNotDrawn() {
        Screen screen = new Screen(80, Optional.of(3), true, false);

        assertThat(screen.replacing(List.of("a", "b", "c"), List.of("t")))
                .containsExactly("\u001b[H\u001b[2Ja", "b");
    }

    @Test
    void aTailHasTheRoomThatIsLeftOrAQuarterOfTheScreen() {
        List<String> tail = List.of("t1", "t2", "t3", "t4");

        assertThat(tall(13).replacing(List.of("a", "b", "c"), tail))
                .containsExactly("\u001b[H\u001b[2Ja", "b", "c", "", "t1", "t2", "t3", "t4");
        assertThat(tall(7).replacing(List.of("a", "b", "c"), tail))
                .containsExactly("\u001b[H\u001b[2Ja", "b", "c", "", "t3", "t4");
        assertThat(tall(9).replacing(List.of("a", "b", "c", "d", "e", "f", "g", "h", "i"), tail))
                .containsExactly("\u001b[H\u001b[2Ja", "b", "c", "d", "e", "", "t3", "t4");
        assertThat(tall(9).replacing(List.of("a"), List.of()))
                .containsExactly("\u001b[H\u001b[2Ja");
    }

    @Test
    void aLineThatIsWiderThanTheScreenTakesTheRoomOfSeveral() {
        Screen narrow = new Screen(4, Optional.of(8), true, true);
        String three = "\u001b[31m123456789\u001b[0m";

        assertThat(narrow.replacing(List.of("a", three, "b", "c"), List.of()))
                .containsExactly("\u001b[H\u001b[2Ja", three, "b", "c");
        assertThat(narrow.replacing(List.of("a", "b", three, three), List.of()))
                .containsExactly("\u001b[H\u001b[2Ja", "b", three);
        assertThat(narrow.replacing(List.of("a"), List.of("t1", "t2345678", "t3456789")))
                .containsExactly("\u001b[H\u001b[2Ja", "", "t1", "t2345678", "t3456789");
        assertThat(narrow.replacing(List.of("a", "b"), List.of("t1", "t2345678", "t3456789")))
                .containsExactly("\u001b[H\u001b[2Ja", "b", "", "t2345678", "t3456789");
    }

    @Test
    void aScreenOfAnyHeightShowsTheFirstLine() {
        for (int height = 1; height < 6; height++) {
            List<String> seen = tall(height).replacing(List.of("a", "b"), List.of("t1", "t2"));

            assertThat(seen.get(0)).isEqualTo("\u001b[H\u001b[2Ja");
            assertThat(seen).hasSizeLessThanOrEqualTo(Math.max(height - 1, 1));
        }
    }

    @Test
    void aTailIsWholeWhereTheHeightIsNotKnown() {
        assertThat(
                        new Screen(80, Optional.empty(), true, false)
                                .replacing(List.of("a"), List.of("t1", "t2")))
                .containsExactly("\u001b[H\u001b[2Ja", "", "t1", "t2");
    }

    private static Screen tall(int lines) {
        return new Screen(80, Optional.of(lines), true, false);
    }

    @Test
    void coloursAddNothingToTheWords() {
        for (Map.Entry<String, Answer> sample : SampleAnswers.all().entrySet()) {
            String plain = text(sample.getValue(), false);
            String coloured = text(sample.getValue(), true);

            assertThat(coloured.replaceAll("\u001b\\[[0-9;]*m", ""))
                    .as(sample.getKey())
                    .isEqualTo(plain);
        }
        assertThat(text(SampleAnswers.all().get("status"), true))
                .contains("\u001b[31mcoord_m_1")
                .contains("\u001b[33mdata_m_1");
    }

    private static String text(Answer answer, boolean colours) {
        List<String> lines = new ArrayList<>();
        new AnswerWriter(lines::add, lines::add, new Screen(80, Optional.empty(), true, colours))
                .write(answer, Format.TEXT);
        return String.join("\n", lines);
    }
}
