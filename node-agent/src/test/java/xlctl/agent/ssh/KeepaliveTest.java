package xlctl.agent.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import xlctl.agent.api.Protocol;
import xlctl.agent.api.Reply;

/** What becomes of clients that say nothing. */
class KeepaliveTest {
    private static final Duration INTERVAL = Duration.ofMillis(200);

    @TempDir private Path directory;
    private RunningAgent agent;
    private Process client;

    @BeforeEach
    void connect() throws IOException {
        agent =
                RunningAgent.start(
                        directory,
                        (request, progress) -> new Reply.Converged(1),
                        new Keepalive(INTERVAL));
        client = new ProcessBuilder(agent.sshCommand(List.of("-s"), Protocol.SUBSYSTEM)).start();
        await("its channel is open")
                .until(
                        () ->
                                Thread.getAllStackTraces().keySet().stream()
                                        .anyMatch(t -> t.getName().startsWith("agent-reader-")));
    }

    @AfterEach
    void end() throws IOException {
        client.destroyForcibly();
        agent.close();
    }

    @Test
    void keepsQuietClientsThatAreThere() throws IOException {
        try (FrameClient controller = FrameClient.greeted(agent)) {
            await().during(INTERVAL.multipliedBy(8))
                    .atMost(INTERVAL.multipliedBy(40))
                    .until(() -> client.isAlive() && agent.server().connections() == 2);
            assertThat(controller.isConnected()).isTrue();
        }
    }

    @Test
    void dropsAClientThatGivesNoSignOfLife() throws Exception {
        int stopped =
                new ProcessBuilder("kill", "-STOP", Long.toString(client.pid())).start().waitFor();
        assertThat(stopped).isZero();

        await().until(() -> agent.server().connections() == 0);
    }
}
