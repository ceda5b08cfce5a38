package xlctl.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import xlctl.shell.language.Line;
import xlctl.shell.language.Parsed;
import xlctl.shell.language.Parser;
import xlctl.shell.language.TextFiles;

/** The options of the program, which stand before the words of a command. */
class OptionsTest {
    static Stream<String> longNames() {
        CommandSpec program = new CommandLine(new Options()).getCommandSpec();
        return program.options().stream()
                .map(OptionSpec::longestName)
                .filter(name -> name.startsWith("--"));
    }

    @ParameterizedTest
    @MethodSource("longNames")
    void oneThatStandsAmongTheWordsIsToldWhereItBelongs(String option) {
        Parser parser = new Parser(TextFiles.below(Path.of("")));

        Parsed parsed = parser.parse(Line.read("stop all " + option));

        assertThat(parsed)
                .asInstanceOf(type(Parsed.Malformed.class))
                .extracting(malformed -> String.join("\n", malformed.lines("xlctl")))
                .asString()
                .contains("the options of xlctl stand before the words");
    }
}
