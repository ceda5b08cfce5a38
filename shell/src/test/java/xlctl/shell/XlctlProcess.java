package xlctl.shell;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of its own with this test's class path. */
final class XlctlProcess {
    /** What it said until it ended. */
    record Outcome(int exit, String out, String err) {}

    private final Path directory;
    private final Process process;

    private XlctlProcess(Path directory, Process process) {
        this.directory = directory;
        this.process = process;
    }

    /**
     * @param directory for its output, and its home
     * @param mainClass what it runs
     */
    static XlctlProcess start(Path directory, Class<?> mainClass, String... arguments)
            throws IOException {
        return start(directory, directory.resolve("out"), mainClass, arguments);
    }

    /** The same, with its standard output somewhere else: {@link Outcome#out} says nothing then. */
    static XlctlProcess start(Path directory, Path output, Class<?> mainClass, String... arguments)
            throws IOException {
        // Where the tests themselves run in the background, Ctrl-C would be ignored.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:TieredStopAtLevel=1");
        command.add("-XX:+UseSerialGC");
        command.add("-cp");
        command.add(
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(mainClass.getName());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                        .redirectOutput(output.toFile())
                        .redirectError(directory.resolve("err").toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("XLCTL_"));
        builder.environment().put("XLCTL_HOME", directory.toString());
        return new XlctlProcess(directory, builder.start());
    }

    String out() throws IOException {
        return Files.notExists(directory.resolve("out"))
                ? ""
                : Files.readString(directory.resolve("out"), UTF_8);
    }

    /** Asks it to end, as Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    Outcome await() throws IOException, InterruptedException {
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running after a minute, having said: " + out());
        }
        return new Outcome(
                process.exitValue(), out(), Files.readString(directory.resolve("err"), UTF_8));
    }
}
