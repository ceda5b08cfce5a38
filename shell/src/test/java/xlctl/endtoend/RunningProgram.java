package xlctl.endtoend;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A program at work, its output in files: what it leaves running may hold them open without anyone
 * waiting for that.
 */
final class RunningProgram {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<String> command;
    private final Process process;
    private final Path out;
    private final Path err;

    private RunningProgram(List<String> command, Process process, Path out, Path err) {
        this.command = command;
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param output for files of its output
     */
    static RunningProgram start(
            Path output, Path directory, Map<String, String> environment, List<String> command)
            throws IOException {
        Path out = Files.createTempFile(output, "out", ".txt");
        Path err = Files.createTempFile(output, "err", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        builder.environment()
                .keySet()
                .removeIf(
                        name ->
                                name.startsWith("PG")
                                        || name.startsWith("XLCTL_")
                                                && !name.equals("XLCTL_TEST_RUN"));
        builder.environment().putAll(environment);
        return new RunningProgram(command, builder.start(), out, err);
    }

    /** Types a line into it. */
    void type(String line) throws IOException {
        process.getOutputStream().write((line + "\n").getBytes(UTF_8));
        process.getOutputStream().flush();
    }

    RunningProgram awaitOutput(String text) {
        return awaitText(out, text);
    }

    RunningProgram awaitProgress(String text) {
        return awaitText(err, text);
    }

    private RunningProgram awaitText(Path file, String text) {
        await().alias(text + " from " + String.join(" ", command))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(10))
                .until(() -> Files.readString(file), said -> said.contains(text));
        return this;
    }

    /** SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** SIGSTOP. */
    RunningProgram freeze() throws IOException, InterruptedException {
        return signal("STOP");
    }

    /** SIGCONT. */
    RunningProgram thaw() throws IOException, InterruptedException {
        return signal("CONT");
    }

    private RunningProgram signal(String name) throws IOException, InterruptedException {
        int exit =
                new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                        .start()
                        .waitFor();
        if (exit != 0) {
            throw new AssertionError("SIG" + name + " did not reach " + command);
        }
        return this;
    }

    /** Waits for its end; nothing more is typed into it. */
    Outcome end() throws IOException, InterruptedException {
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            kill();
            throw new AssertionError("still at work after " + PATIENCE + ": " + outcome());
        }
        return outcome();
    }

    private Outcome outcome() {
        try {
            return new Outcome(
                    command,
                    process.exitValue(),
                    Files.readString(out, UTF_8),
                    Files.readString(err, UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
