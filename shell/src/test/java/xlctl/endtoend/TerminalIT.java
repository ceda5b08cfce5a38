package xlctl.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import xlctl.shell.terminal.PseudoTerminal;

/** A person at the prompt, and a change that takes as long as a client stays. */
class TerminalIT extends SharedCluster {
    private static final String PROMPT = "xlctl postgresql-1>";
    private static final String STOP = "stop -m smart coord_m_2";
    private static final String STOPPING = "coord_m_2: stop coord_m_2 on 127.0.1.4 ... ";

    @Test
    void completesAndReads() throws Exception {
        try (PseudoTerminal terminal = cluster.terminal()) {
            terminal.awaitLastLine(PROMPT).type("monitor data_");
            await().pollInterval(Duration.ofSeconds(2))
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> completes(terminal, "data_m_1   data_m_2   data_m_3"));
            terminal.type("2").press("Enter");
            terminal.awaitText("Running: datanode master data_m_2").enter("quit");

            assertThat(terminal.awaitExit()).isZero();
        }
    }

    /** The first Tab may come before the cluster has told its names. */
    private static void completes(PseudoTerminal terminal, String names) {
        if (!terminal.text().contains(names)) {
            terminal.press("Tab");
        }
        assertThat(terminal.text()).contains(names);
    }

    @Test
    void whoInterruptsAChangeOrGoesAwayLeavesTheClusterToOthers() throws Exception {
        RunningProgram client = cluster.psql(4);
        client.type("SELECT 'there';");
        client.awaitOutput("there");
        try (PseudoTerminal terminal = cluster.terminal()) {
            terminal.awaitLastLine(PROMPT).enter(STOP).awaitText(STOPPING).press("C-c");
            terminal.awaitText("Interrupted: ending what is under way").awaitLastLine(PROMPT);
            assertThat(terminal.text()).contains(STOP + ": failed (operation ");

            terminal.enter(STOP).awaitText(STOPPING).hangUp();
        }
        client.end();

        await().atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> cluster.xlctl("start", "coord_m_2").exits(0));
        cluster.awaitHealth();
    }
}
