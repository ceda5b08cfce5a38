package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import xlctl.agent.process.Signal;

/** The control program, of which only the sending of signals is used. */
public final class PgCtl {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private PgCtl() {}

    public static void kill(Path program, Signal signal, long pid)
            throws IOException, InterruptedException {
        ProgramRun run =
                ProgramRun.of(
                        List.of(program.toString(), "kill", signal.name(), Long.toString(pid)),
                        TIMEOUT);
        if (!run.succeeded()) {
            throw new IOException("signal " + signal + " to " + pid + ": " + run.conclusion());
        }
    }
}
