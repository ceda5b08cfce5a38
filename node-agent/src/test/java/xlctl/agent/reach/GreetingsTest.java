package xlctl.agent.reach;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.agent.api.Greeting;

class GreetingsTest {
    @Test
    void asksPostgresqlForEncryptionAndOthersForNothing() {
        assertThat(hex(Greeting.POSTGRESQL)).isEqualTo("00000008" + "04d21630");
        assertThat(hex(Greeting.POSTGRESQL_BEFORE_12)).isEqualTo("00000008" + "04d2162f");
        assertThat(hex(Greeting.SSH)).isEmpty();
        assertThat(hex(Greeting.CONNECTION)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"SSH-2.0-xlctl\r\n", "SSH-2.0-OpenSSH_9.2\nmore"})
    void takesAnSshServersLineForAGreeting(String line) {
        assertThat(verdict(Greeting.SSH, line)).isEqualTo("greeted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SS", "SSH-2.0-", "SSH-2.0-half a li"})
    void waitsForTheRestOfALine(String line) {
        assertThat(verdict(Greeting.SSH, line)).isEqualTo("more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"S", "N", "G", "E", "EFATAL: no"})
    void takesAnyAnswerOfPostgresqlForAGreeting(String answer) {
        assertThat(verdict(Greeting.POSTGRESQL, answer)).isEqualTo("greeted");
        assertThat(verdict(Greeting.POSTGRESQL_BEFORE_12, answer)).isEqualTo("greeted");
    }

    @Test
    void waitsForAnAnswerOfPostgresql() {
        assertThat(verdict(Greeting.POSTGRESQL, "")).isEqualTo("more");
    }

    @Test
    void needsNoWordsWhereAConnectionIsEnough() {
        assertThat(verdict(Greeting.CONNECTION, "")).isEqualTo("greeted");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SSH|HTTP/1.1 400|what answers there is no agent: it says \"HTTP/1.1 400\"",
                "SSH|SSH-1.5-old|what answers there is no agent: it says \"SSH-1.5-old\"",
                "POSTGRESQL|HTTP/1.1|what answers there is no PostgreSQL server: it says \"HTTP/1.1\""
            })
    void namesWhatSomebodyElseSays(Greeting greeting, String said, String trouble) {
        assertThat(verdict(greeting, said)).isEqualTo(trouble);
    }

    @Test
    void doesNotWaitForTheEndOfALineThatNeverEnds() {
        assertThat(verdict(Greeting.SSH, "SSH-2.0-" + "x".repeat(Greetings.MOST_BYTES - 8)))
                .startsWith("what answers there is no agent");
    }

    @Test
    void showsNoBytesThatActOnATerminal() {
        assertThat(verdict(Greeting.SSH, "\u001b[2J")).endsWith("it says \"\\u001b[2J\"");
    }

    @ParameterizedTest
    @EnumSource(
            value = Greeting.class,
            names = {"SSH", "POSTGRESQL"})
    void aConnectionThatIsClosedIsNoGreeting(Greeting greeting) {
        assertThat(Greetings.verdict(greeting, new byte[0], true).orElseThrow().trouble())
                .contains("it takes the connection and closes it");
    }

    @Test
    void namesTheWordsThatAConnectionWasClosedAfter() {
        assertThat(
                        Greetings.verdict(Greeting.SSH, "SSH-2.0".getBytes(ISO_8859_1), true)
                                .orElseThrow()
                                .trouble())
                .contains("it takes the connection and closes it after \"SSH-2.0\"");
    }

    private static String hex(Greeting greeting) {
        return HexFormat.of().formatHex(Greetings.request(greeting));
    }

    private static String verdict(Greeting greeting, String heard) {
        return Greetings.verdict(greeting, heard.getBytes(ISO_8859_1), false)
                .map(verdict -> verdict.trouble().orElse("greeted"))
                .orElse("more");
    }
}
