package xlctl.agent.engine.postmaster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A program that ran to its end.
 *
 * @param output what it wrote, standard output and error together
 */
public record ProgramRun(int exitCode, String output) {
    /** What server programs see of the environment: nothing of the agent's. */
    public static final Map<String, String> ENVIRONMENT =
            Map.of("PATH", "/usr/bin:/bin", "LANG", "C.UTF-8", "LC_ALL", "C.UTF-8", "TZ", "UTC");

    /** Runs a program; it is ended when the time is over or this thread is interrupted. */
    public static ProgramRun of(List<String> arguments, Duration timeout)
            throws IOException, InterruptedException {
        return of(arguments, Map.of(), Path.of("/dev/null"), timeout);
    }

    /**
     * @param environment what it sees besides {@link #ENVIRONMENT}
     * @param input the file that it reads as its standard input
     */
    public static ProgramRun of(
            List<String> arguments, Map<String, String> environment, Path input, Duration timeout)
            throws IOException, InterruptedException {
        Path output = Files.createTempFile("xlctl-program", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(arguments);
            builder.environment().clear();
            builder.environment().putAll(ENVIRONMENT);
            builder.environment().putAll(environment);
            Process process =
                    builder.redirectInput(input.toFile())
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            try {
                if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new IOException(
                            arguments.get(0)
                                    + " was ended: not done after "
                                    + timeout.toSeconds()
                                    + " s");
                }
            } finally {
                end(process);
            }
            return new ProgramRun(
                    process.exitValue(),
                    new String(Files.readAllBytes(output), StandardCharsets.UTF_8));
        } finally {
            Files.deleteIfExists(output);
        }
    }

    public boolean succeeded() {
        return exitCode == 0;
    }

    /** Its last lines, in one: where programs say what went wrong. */
    public String conclusion() {
        List<String> lines =
                output.lines().filter(line -> !line.isBlank()).collect(Collectors.toList());
        return lines.isEmpty()
                ? "exit code " + exitCode
                : String.join(" | ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
    }

    private static void end(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
