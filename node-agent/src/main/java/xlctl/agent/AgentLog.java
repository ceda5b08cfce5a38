package xlctl.agent;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Map;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** The agent's log: one line a record on stderr, with a stack trace below where there is one. */
final class AgentLog {
    private AgentLog() {}

    /**
     * To be called before anything logs: JUL's own shutdown hook would silence the log while the
     * agent still ends, which only another LogManager can prevent.
     */
    static void install() {
        System.setProperty("java.util.logging.manager", AgentLog.class.getName() + "$Lasting");
        Libraries.quieten();
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler stderr = new ConsoleHandler();
        stderr.setLevel(Level.ALL);
        stderr.setFormatter(new Line());
        root.addHandler(stderr);
        root.setLevel(Level.INFO);
    }

    /** How much the libraries may tell. */
    private static final class Libraries {
        /** Held, because JUL forgets loggers that nobody holds. */
        private static final Map<Logger, Level> LEVELS =
                Map.of(
                        Logger.getLogger("org.apache.sshd"), Level.WARNING,
                        Logger.getLogger("org.postgresql"), Level.WARNING,
                        // They tell every lost connection many times; the store tells it once.
                        Logger.getLogger("org.apache.zookeeper"), Level.OFF,
                        Logger.getLogger("org.apache.curator"), Level.OFF);

        static void quieten() {
            LEVELS.forEach(Logger::setLevel);
        }
    }

    /** Made by JUL, by its name. */
    public static final class Lasting extends LogManager {
        /** Does nothing: the handlers stay to the end of the process. */
        @Override
        public void reset() {
            // As said above.
        }
    }

    /** {@code 2026-11-01T12:00:00.123Z WARNING what happened}. */
    static final class Line extends Formatter {
        private static final DateTimeFormatter TIME =
                new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

        @Override
        public String format(LogRecord record) {
            StringBuilder text = new StringBuilder();
            text.append(TIME.format(Instant.ofEpochMilli(record.getMillis())));
            text.append(String.format(" %-7s ", record.getLevel().getName()));
            text.append(formatMessage(record).replaceAll("\\p{Cntrl}+", " ")).append('\n');
            if (record.getThrown() != null) {
                StringWriter trace = new StringWriter();
                record.getThrown().printStackTrace(new PrintWriter(trace));
                text.append(trace.toString().stripTrailing().indent(4));
            }
            return text.toString();
        }
    }
}
