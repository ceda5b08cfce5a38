package xlctl.shell.script;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import xlctl.shell.language.Parser;
import xlctl.shell.language.Statement;
import xlctl.shell.language.TextFiles;

class ScriptTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "status\nhost list\n",
                "status\nhost list",
                "status\r\nhost list\r\n",
                "\n# first\nstatus # all\n\n  host list\n\n",
                "\ufeffstatus\nhost list\n"
            })
    void readsLinesHoweverTheyEnd(String text) {
        assertThat(statements(text))
                .containsExactly(new Statement.Status(), new Statement.ListHosts());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "# nothing", "\r\n\r\n"})
    void anEmptyScriptHasNoStatements(String text) {
        assertThat(statements(text)).isEmpty();
    }

    @Test
    void knowsFileAndLineOfEachStatement() {
        assertThat(read("\nstatus\n\nquit\n").items())
                .containsExactly(
                        new Item("s:2", new Statement.Status()),
                        new Item("s:4", new Statement.Quit()));
    }

    @Test
    void doesNotReadTheLinesAfterQuit() {
        assertThat(statements("status\nquit\nno such command\n"))
                .containsExactly(new Statement.Status(), new Statement.Quit());
    }

    @Test
    void tellsEveryComplaintAtOnce() {
        assertThat(complaints("status\nstatsu\nhost list\nadd 'x\n"))
                .containsExactly(
                        "s:2:1: \"statsu\" is not a command: did you mean \"status\"?",
                        "  statsu",
                        "  ^~~~~~",
                        "s:4:5: this quote is not closed on its line",
                        "  add 'x",
                        "      ^");
    }

    @Test
    void refusesLinesThatAreNoText() {
        byte[] bytes = "status\nhost \u0001list\nhost \u00e4\n".getBytes(UTF_8);
        bytes[bytes.length - 2] = (byte) 0xff;

        MalformedScriptException e =
                catchThrowableOfType(
                        MalformedScriptException.class, () -> Script.read(bytes, "s", parser()));

        assertThat(e.lines())
                .containsExactly(
                        "s:2:6: this word has a control character in it",
                        "  host ?list",
                        "       ^~~~~",
                        "s:3:6: this line is not UTF-8 text");
    }

    private static Stream<Statement> statements(String text) {
        return read(text).items().stream().map(Item::statement);
    }

    private static Script read(String text) {
        return Script.read(text.getBytes(UTF_8), "s", parser());
    }

    private static List<String> complaints(String text) {
        return catchThrowableOfType(MalformedScriptException.class, () -> read(text)).lines();
    }

    private static Parser parser() {
        return new Parser(TextFiles.below(Path.of("")));
    }
}
