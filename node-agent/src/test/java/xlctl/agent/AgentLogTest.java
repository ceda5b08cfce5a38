package xlctl.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class AgentLogTest {
    private static LogRecord record(Level level, String message) {
        LogRecord record = new LogRecord(level, message);
        record.setInstant(Instant.parse("2026-11-01T12:00:00.0450Z"));
        return record;
    }

    @Test
    void writesALineWithTimeLevelAndMessage() {
        assertThat(new AgentLog.Line().format(record(Level.INFO, "started")))
                .isEqualTo("2026-11-01T12:00:00.045Z INFO    started\n");
    }

    @Test
    void keepsToOneLineWhateverTheMessage() {
        assertThat(new AgentLog.Line().format(record(Level.WARNING, "a\r\n2026 INFO b\u001b[2J")))
                .isEqualTo("2026-11-01T12:00:00.045Z WARNING a 2026 INFO b [2J\n");
    }

    @Test
    void putsTheStackTraceBelow() {
        LogRecord record = record(Level.SEVERE, "failed");
        record.setThrown(new IllegalStateException("why"));

        assertThat(new AgentLog.Line().format(record))
                .startsWith(
                        "2026-11-01T12:00:00.045Z SEVERE  failed\n"
                                + "    java.lang.IllegalStateException: why\n");
    }
}
