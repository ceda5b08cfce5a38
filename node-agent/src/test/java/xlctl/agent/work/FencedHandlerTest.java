package xlctl.agent.work;

import static org.assertj.core.api.Assertions.assertThat;
import static xlctl.agent.work.WorkingHost.COORD;
import static xlctl.agent.work.WorkingHost.DATA;
import static xlctl.agent.work.WorkingHost.start;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Reply;
import xlctl.agent.api.Request;
import xlctl.agent.api.StepKey;
import xlctl.agent.api.StopMode;

/** Which requests are taken, and which are answered with what is known already. */
@Timeout(30)
class FencedHandlerTest {
    @TempDir private Path directory;
    private WorkingHost host;

    @BeforeEach
    void open() throws IOException {
        host = new WorkingHost(directory);
    }

    @Test
    void letsReadingThroughUntouched() {
        host.works((request, progress) -> new Reply.Converged(3));

        assertThat(host.handle(new Request.Inspect())).isEqualTo(new Reply.Converged(3));
        assertThat(host.handle(new Request.Inspect())).isEqualTo(new Reply.Converged(3));
        assertThat(host.executed()).hasSize(2);
    }

    @Test
    void refusesALowerAttempt() {
        host.handle(start(7, 3, 1, COORD));

        Reply.Failed refused = (Reply.Failed) host.handle(start(7, 2, 2, COORD));

        assertThat(refused.kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
        assertThat(refused.problems().get(0).what())
                .contains("operation 7", "attempt 2", "attempt 3");
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void takesALowerAttemptOfAnotherOperation() {
        host.handle(start(7, 3, 1, COORD));

        assertThat(host.handle(start(8, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
    }

    @Test
    void refusesALowerAttemptAfterARestart() throws IOException {
        host.works((request, progress) -> Reply.Failed.failed("no", ""));
        host.handle(start(7, 3, 1, COORD));

        host.reopen();

        assertThat(((Reply.Failed) host.handle(start(7, 2, 1, COORD))).kind())
                .isEqualTo(Reply.Failed.Kind.SUPERSEDED);
    }

    @Test
    void whatAnOlderOperationAskedOfAServerIsNotDoneAfterANewerOne() {
        Request.Stop late =
                new Request.Stop(new StepKey(7, 1, 1), DATA, StopMode.FAST, Duration.ofSeconds(1));
        host.handle(start(8, 1, 1, DATA));

        assertThat(host.handle(late))
                .isInstanceOfSatisfying(
                        Reply.Failed.class,
                        failed -> {
                            assertThat(failed.kind()).isEqualTo(Reply.Failed.Kind.SUPERSEDED);
                            assertThat(failed.problems().get(0).what())
                                    .isEqualTo(
                                            "operation 7 asks too late for what becomes of"
                                                    + " data_m_1.1: operation 8 has asked since");
                        });
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void anOlderOperationMayAskOfAnotherServer() {
        host.handle(start(8, 1, 1, DATA));

        assertThat(host.handle(start(7, 1, 1, COORD))).isInstanceOf(Reply.Done.class);
        assertThat(host.handle(start(8, 1, 2, DATA))).isInstanceOf(Reply.Done.class);
    }

    @Test
    void returnsTheResultOfAFinishedStepAgain() {
        Reply first = host.handle(start(7, 1, 1, COORD));

        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void returnsAFailureAgainUntilThereIsANewAttempt() {
        host.works(
                (request, progress) ->
                        Reply.Failed.failed("failure " + host.executed().size(), ""));
        Reply first = host.handle(start(7, 1, 1, COORD));

        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(host.handle(start(7, 2, 1, COORD))).isNotEqualTo(first);
        assertThat(host.executed()).hasSize(2);
    }

    @Test
    void returnsWhatWasDoneBeforeARestart() throws IOException {
        Reply first = host.handle(start(7, 1, 1, COORD));
        host.handle(start(7, 1, 2, DATA));

        host.reopen();

        assertThat(host.handle(start(7, 1, 1, COORD))).isEqualTo(first);
        assertThat(host.executed()).hasSize(2);
        host.handle(start(7, 1, 3, COORD));
        assertThat(host.executed()).hasSize(3);
    }

    @Test
    void triesAgainAfterARestartWhatHadFailed() throws IOException {
        host.works((request, progress) -> Reply.Failed.failed("no", ""));
        host.handle(start(7, 1, 1, COORD));

        host.reopen();
        host.handle(start(7, 1, 1, COORD));

        assertThat(host.executed()).hasSize(2);
    }

    @Test
    void refusesAnotherRequestUnderAKnownKey() throws IOException {
        host.handle(start(7, 1, 1, COORD));

        Reply.Failed refused = (Reply.Failed) host.handle(start(7, 1, 1, DATA));
        assertThat(refused.kind()).isEqualTo(Reply.Failed.Kind.REFUSED);
        assertThat(refused.problems().get(0).what()).contains("7/1/1", "Start of data_m_1.1");

        host.reopen();
        assertThat(host.handle(start(7, 1, 1, DATA))).isEqualTo(refused);
        assertThat(host.executed()).hasSize(1);
    }

    @Test
    void makesAFailureOfWhatTheHostThrows() {
        host.works(
                (request, progress) -> {
                    throw new IllegalStateException("the sky fell");
                });

        assertThat(host.handle(start(7, 1, 1, COORD)).toString())
                .contains("FAILED", "Start of coord_m_1.1", "the sky fell");
        assertThat(host.handle(new Request.Inspect()).toString())
                .contains("FAILED", "Inspect", "the sky fell");
    }
}
