package xlctl.operation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import xlctl.agent.api.Reply;
import xlctl.topology.Problem;

class StepRunnerTest {
    @ParameterizedTest
    @CsvSource({
        "REFUSED, REFUSED",
        "FAILED, FAILED",
        "UNREACHABLE, UNREACHABLE",
        "UNKNOWN_REQUEST, REFUSED"
    })
    void aFailureIsOfTheKindThatTheAgentSays(Reply.Failed.Kind said, StepResult.Kind result) {
        List<Problem> problems = List.of(Problem.of("data_1 cannot be reached", "start it"));

        StepResult failure = StepRunner.failure(new Reply.Failed(said, problems));

        assertThat(failure.kind()).isEqualTo(result);
        assertThat(failure.problems()).isEqualTo(problems);
    }
}
