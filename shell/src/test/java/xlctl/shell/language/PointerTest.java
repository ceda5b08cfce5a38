package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PointerTest {
    @Test
    void marksTheWord() {
        assertThat(at("add gtm mester", "mester"))
                .isEqualTo(new Pointer("add gtm mester", "        ^~~~~~"));
    }

    @Test
    void standsBelowWideCharactersAndTabs() {
        assertThat(at("add 数据\tmester", "mester"))
                .isEqualTo(new Pointer("add 数据\tmester", "        \t^~~~~~"));
        assertThat(at("add e\u0301\ud83d\ude00 数据", "数据"))
                .isEqualTo(new Pointer("add e\u0301\ud83d\ude00 数据", "        ^~~~"));
    }

    @Test
    void showsAsAQuestionMarkWhatATerminalWouldActUpon() {
        assertThat(at("a \u202e\u001bx", "x")).isEqualTo(new Pointer("a ??x", "    ^"));
    }

    @Test
    void canStandBehindTheLine() {
        assertThat(Pointer.at("add gtm", new Complaint(8, 9, "ends too early")))
                .isEqualTo(new Pointer("add gtm", "        ^"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 40, 70, 76, 100, 50_000})
    void showsThePartOfALongLineThatIsAroundTheWord(int before) {
        String line = "x ".repeat(before / 2) + "WRONG " + "数 ".repeat(50_000);

        Pointer pointer = at(line, "WRONG");

        assertThat(Columns.of(pointer.shown())).isBetween(60, Pointer.WIDTH);
        int mark = pointer.mark().indexOf('^');
        assertThat(pointer.mark().substring(mark)).isEqualTo("^~~~~");
        assertThat(pointer.shown().substring(mark)).startsWith("WRONG 数");
        assertThat(pointer.shown().startsWith("...")).isEqualTo(before > 70 / 2);
        assertThat(pointer.shown()).endsWith("...");
    }

    @Test
    void cutsAWordThatIsTooLongItself() {
        Pointer pointer = at("add " + "w".repeat(100_000) + " master", "w".repeat(100_000));

        assertThat(pointer.shown()).startsWith("...").endsWith("w...").hasSize(Pointer.WIDTH);
        assertThat(pointer.mark()).hasSizeLessThanOrEqualTo(Pointer.WIDTH);
        assertThat(Pointer.shortened("found \"" + "w".repeat(100_000) + "\": too long"))
                .hasSizeLessThan(700)
                .startsWith("found \"www")
                .endsWith("w\": too long");
    }

    private static Pointer at(String line, String word) {
        int start = line.indexOf(word);
        return Pointer.at(line, new Complaint(start, start + word.length(), "wrong"));
    }
}
