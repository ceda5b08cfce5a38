package xlctl.shell;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as a process of its own. */
class MainTest {
    @TempDir private Path directory;

    @Test
    void saysItsVersion() throws Exception {
        assertThat(run("--version"))
                .isEqualTo(new XlctlProcess.Outcome(0, Version.text() + "\n", ""));
    }

    @Test
    void helps() throws Exception {
        XlctlProcess.Outcome outcome = run("help", "add");

        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).startsWith("add gtm master NAME HOST PORT DIR [SERVICE]\n");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void exitsWithTwoForWordsThatSayNothing() throws Exception {
        XlctlProcess.Outcome outcome = run("mointor", "all");

        assertThat(outcome.exit()).isEqualTo(2);
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.err()).contains("did you mean \"monitor\"?").doesNotContain("\tat ");
    }

    @Test
    void anInterruptedChangeEndsFirstAndSaysWhatBecameOfIt() throws Exception {
        XlctlProcess process = XlctlProcess.start(directory, WaitingProgram.class, "start", "all");
        await().atMost(Duration.ofSeconds(60)).until(() -> process.out().contains("waiting"));

        process.interrupt();

        XlctlProcess.Outcome outcome = process.await();
        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err())
                .contains("Interrupted: ending what is under way")
                .contains("start all: failed")
                .contains("it was interrupted, and undone");
    }

    @Test
    void anInterruptionEndsAWatchWell() throws Exception {
        XlctlProcess process =
                XlctlProcess.start(
                        directory, WaitingProgram.class, "monitor", "all", "--watch", "10ms");
        await().atMost(Duration.ofSeconds(60)).until(() -> process.out().contains("running"));

        process.interrupt();

        XlctlProcess.Outcome outcome = process.await();
        assertThat(outcome.exit()).isZero();
        assertThat(outcome.out()).endsWith("gtm_m_1  unknown -> running\n");
        assertThat(outcome.err()).isEmpty();
    }

    @Test
    void saysSoWhenItsOutputCannotBeWritten() throws Exception {
        XlctlProcess.Outcome outcome =
                XlctlProcess.start(directory, Path.of("/dev/full"), Main.class, "help").await();

        assertThat(outcome.exit()).isEqualTo(1);
        assertThat(outcome.err()).contains("the output could not be written in full");
    }

    private XlctlProcess.Outcome run(String... arguments) throws Exception {
        return XlctlProcess.start(directory, Main.class, arguments).await();
    }
}
