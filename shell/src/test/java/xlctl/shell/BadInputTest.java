package xlctl.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What operators, scripts and files get wrong: each row of the tables in {@code bad-inputs} has the
 * whole message and the exit code. Whoever adds one writes it below the others of its kind.
 */
class BadInputTest {
    private static final int FEWEST = 150;

    static List<BadInput> rows() {
        return BadInput.all();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    @Timeout(value = 1, unit = TimeUnit.MINUTES)
    void isToldWhatIsWrongAndHowToGoOn(BadInput row) throws Exception {
        List<String> outcome;
        try (BadInputRun run = new BadInputRun(row)) {
            outcome = run.outcome();
        }

        assertThat(row.block(outcome)).isEqualTo(row.block(row.expected()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("rows")
    void fails(BadInput row) {
        assertThat(row.expected()).first().asString().matches("exit [1-4]");
        assertThat(row.expected())
                .as("something to read, of printable characters, and no stack trace")
                .hasSizeGreaterThan(1)
                .allSatisfy(
                        line ->
                                assertThat(line)
                                        .matches("[\\p{Print}\\t\\p{L}\\p{N}\\p{S}]*")
                                        .doesNotContain("\tat ", "Exception", "this is a fault"));
    }

    @Test
    void thereAreManyAndNoneTwice() {
        Set<String> titles = new HashSet<>();
        Set<String> inputs = new HashSet<>();
        assertThat(rows()).hasSizeGreaterThanOrEqualTo(FEWEST);
        assertThat(rows()).allMatch(row -> titles.add(row.toString()), "has a title of its own");
        assertThat(rows()).allMatch(row -> inputs.add(row.prepared() + row.command()), "is new");
    }
}
