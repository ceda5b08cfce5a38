package xlctl.shell.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TypedLineTest {
    @Test
    void isTheWordsBeforeTheCursorAndTheOneAtIt() {
        TypedLine line = typed("stop coordinator co|ord_m_1 x");

        assertThat(line.before()).containsExactly("stop", "coordinator");
        assertThat(line.typed()).isEqualTo("co");
        assertThat(line.word()).isEqualTo("coord_m_1");
        assertThat(line.rawWordCursor()).isEqualTo(2);
        assertThat(line.rawWordLength()).isEqualTo(9);
    }

    @Test
    void beginsAWordAfterABlank() {
        TypedLine line = typed("stop |");

        assertThat(line.before()).containsExactly("stop");
        assertThat(line.word()).isEmpty();
        assertThat(line.rawWordLength()).isZero();
    }

    @Test
    void staysInAWordWhoseQuoteIsOpen() {
        TypedLine line = typed("access '/my dir/a|");

        assertThat(line.before()).containsExactly("access");
        assertThat(line.typed()).isEqualTo("/my dir/a");
        assertThat(line.rawWordLength()).isEqualTo(10);
        assertThat(line.escape("/my dir/abc", true)).hasToString("'/my dir/abc'");
        assertThat(line.escape("/my dir/abc/", false)).hasToString("'/my dir/abc/");
    }

    @Test
    void quotesWhatTheLanguageWouldTakeApart() {
        TypedLine line = typed("access |");

        assertThat(line.escape("plain", true)).hasToString("plain");
        assertThat(line.escape("with blank", true)).hasToString("'with blank'");
        assertThat(line.escape("it's", true)).hasToString("\"it's\"");
        assertThat(line.escape("#1", true)).hasToString("'#1'");
        assertThat(typed("access \"|").escape("say \"so\"", true)).hasToString("'say \"so\"'");
    }

    @Test
    void knowsAComment() {
        assertThat(typed("stop all # a|").comment()).isTrue();
        assertThat(typed("stop all|").comment()).isFalse();
        assertThat(typed("stop x#|").comment()).isFalse();
    }

    private static TypedLine typed(String text) {
        return new TypedLine(text.replace("|", ""), text.indexOf('|'));
    }
}
