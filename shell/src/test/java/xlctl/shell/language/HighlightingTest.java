package xlctl.shell.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HighlightingTest {
    @Test
    void knowsTheWordsOfTheLanguage() {
        assertThat(marked("STOP -m fast coordinator c1 # why"))
                .containsExactly(
                        "KNOWN STOP",
                        "KNOWN -m",
                        "KNOWN fast",
                        "KNOWN coordinator",
                        "COMMENT # why");
    }

    @Test
    void marksTheFirstWordThatCannotBe() {
        assertThat(marked("add coordinator mister c1 h"))
                .containsExactly("KNOWN add", "KNOWN coordinator", "WRONG mister");
        assertThat(marked("strat all")).containsExactly("WRONG strat");
        assertThat(marked("status all")).containsExactly("KNOWN status", "WRONG all");
        assertThat(marked("failover datanode")).containsExactly("WRONG failover");
    }

    @Test
    void marksAValueThatCannotBeRead() {
        assertThat(marked("add gtm master g h 99999 d"))
                .containsExactly("KNOWN add", "KNOWN gtm", "KNOWN master", "WRONG 99999");
    }

    @Test
    void waitsForTheWordThatIsBeingTyped() {
        assertThat(marked("sta")).isEmpty();
        assertThat(marked("add coordinator mas")).containsExactly("KNOWN add", "KNOWN coordinator");
        assertThat(marked("add gtm master g h x"))
                .containsExactly("KNOWN add", "KNOWN gtm", "KNOWN master");
        assertThat(marked("stx")).containsExactly("WRONG stx");
        assertThat(marked("sta ")).containsExactly("WRONG sta");
    }

    @Test
    void takesAQuotedWordWithItsQuotes() {
        assertThat(marked("'stop' \"all\" 'x"))
                .containsExactly("KNOWN 'stop'", "KNOWN \"all\"", "WRONG 'x");
    }

    private static List<String> marked(String line) {
        return Highlighting.of(line).stream()
                .map(mark -> mark.kind() + " " + line.substring(mark.start(), mark.end()))
                .toList();
    }
}
